import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { loadDefaultExport } from '../../lab/trial/load-module.ts';

vi.setConfig({ testTimeout: 120_000, maxConcurrency: 8 });

const folder = mkdtempSync(join(tmpdir(), 'ftplab-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, lines: readonly string[]): string {
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.ts`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const never = 'new Promise(() => {})';
const unwanted = join(folder, 'written-by-a-module');

/** Modules that cannot be loaded, and what is said of each; `#` stands for the file. */
const bad: readonly [name: string, lines: readonly string[], said: RegExp, code?: string][] = [
  [
    'process.exit',
    ['const a = 1;', 'process.exit(0);', 'export default a;'],
    /#, line 2: it ends the process/,
  ],
  [
    'an endless loop',
    ['interface A { a: 1 }', 'let i = 0;', 'for (;;) i++;'],
    /#, line 3: it does not come to its end/,
  ],
  ['a loop of nothing but awaits', ['', 'for (;;) await null;'], /#, line 2: it does not come to its end/],
  [
    'an endless regular expression',
    ['/(a+)+$/.test("a".repeat(50).concat("b"));'],
    /#: it does not come to its end/,
  ],
  [
    'an await without end',
    ['type A = 1;', `export default await ${never};`],
    /#, line 2: what it awaits never comes/,
  ],
  [
    'one with a timer',
    ['setInterval(() => 1, 9);', '', `await ${never};`],
    /#, line 3: what it awaits never comes/,
  ],
  [
    'an await in a function',
    ['async function f() {', `  await ${never};`, '}', 'await f();'],
    /#, line [24]: what it awaits/,
  ],
  [
    'an error',
    ['interface A { a: 1 }', '', 'throw new TypeError("no");'],
    /#, line 3: it throws TypeError: no/,
  ],
  ['an error that is none', ['throw { toString() { throw 1; } };'], /#: it throws/],
  [
    'a late rejection',
    ['setTimeout(() => {', '  Promise.reject(new Error("late"));', '}, 20);', 'export default 1;'],
    /#, line 2: it throws Error: late/,
  ],
  [
    'a rejection that nobody awaits',
    ['Promise.reject(new Error("x"));', 'export default 1;'],
    /#, line 1: it throws Error: x/,
  ],
  [
    'a getter that throws',
    ['export default {', '  get a() {', '    throw new Error("x");', '  },', '};'],
    /#, line 3: it throws Error: x/,
  ],
  [
    'a proxy without end',
    [
      'const p: object = new Proxy({}, { ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: () => p });',
      'export default p;',
    ],
    /#: it throws Error: its default export is too large/,
  ],
  [
    'recursion',
    ['const f = (): number => f() + 1;', 'export default f();'],
    /#, line 1: it throws RangeError/,
  ],
  [
    'too much memory',
    ['const a: number[][] = [];', 'for (;;) a.push(new Array(1e7).fill(a.length));'],
    /#: it ends the process that loads it|#.*: it does not come to its end/,
  ],
  ['a signal to itself', ['process.kill(process.pid, "SIGKILL");'], /#: it /],
  [
    'a file of its own',
    [
      'import { writeFileSync } from "node:fs";',
      `writeFileSync(${JSON.stringify(unwanted)}, "x");`,
      'export default 1;',
    ],
    /#, line 2: it throws Error: Access/,
  ],
  [
    'a program',
    ['import { spawnSync } from "node:child_process";', 'spawnSync("true");', 'export default 1;'],
    /#, line 2: it throws Error: Access/,
  ],
  [
    'a bad port',
    ['import { tcpRange } from "isa-ftp-lab";', '', 'export default tcpRange(9, 70000);'],
    /#, line 3: There is no TCP port 70000/,
    'port-out-of-range',
  ],
  ['no export', ['export const a = 1;'], /# has no default export/, 'no-default-export'],
  ['nothing in it', [''], /# has no default export/, 'no-default-export'],
  ['nothing exported', ['const a = 1;'], /# has no default export/, 'no-default-export'],
  ['bad grammar', ['const a = 1;', 'const = 2;'], /#, line 2: /, 'rule-set-does-not-compile'],
];

describe.concurrent('a module with', () => {
  it.each(bad)('%s is refused, with the file and the line', async (name, lines, said, code) => {
    const file = written(name, lines);
    const refusal = await loadDefaultExport(file, 'the rule set', 300).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'LabError', kind: 'usage', ...(code && { code }) });
    expect(String((refusal as Error).message).replaceAll(file, '#')).toMatch(said);
    expect(existsSync(unwanted)).toBe(false);
  });

  it('a default export of plain data is loaded, with what it imports', async () => {
    const part = written('part', ['export const rest = [1, undefined, null, "x"];']);
    const file = written('whole', [
      'import { ftp, route } from "isa-ftp-lab";',
      `import { rest } from ${JSON.stringify(part)};`,
      'class Own { own = await_(); }',
      'function await_() { return 2; }',
      'console.log("to nobody");',
      'for (const a of [1]) for (let i = 0; i < 5000; i++) await Promise.resolve(a);',
      'export default { rest, own: new Own(), rule: route(), ports: ftp.primary, call: () => 1 };',
    ]);
    const { exported, files } = await loadDefaultExport(file);
    expect(exported).toEqual({
      rest: [1, undefined, null, 'x'],
      own: { own: 2 },
      rule: expect.objectContaining({ relation: 'route' }),
      ports: [{ direction: 'outbound', ports: [21, 21] }],
      call: 'function call',
    });
    expect(files.map(({ path }) => join(process.cwd(), path)).sort()).toEqual([part, file].sort());
  });
});

it('stops a module at once if the lab is interrupted', async () => {
  const loading = loadDefaultExport(written('interrupted', ['for (;;) 1;']));
  setTimeout(() => process.emit('SIGINT'), 500);
  await expect(loading).rejects.toThrow(/when the lab was interrupted/);
});
