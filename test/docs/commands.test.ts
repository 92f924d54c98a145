/** Commands that documents and workflows show: they and their options have to exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createProgram } from '../../lab/cli/command-line.ts';
import { commandTree } from '../../lab/cli/completion/command-tree.ts';
import { createContext } from '../../lab/cli/context.ts';
import { Interruption } from '../../lab/cli/interruption.ts';
import { Output } from '../../lab/cli/output.ts';

const files = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync('.github/workflows').map((name) => `.github/workflows/${name}`),
];

const nowhere = () => new PassThrough() as unknown as NodeJS.WriteStream;
using interruption = new Interruption(() => undefined);
const { commands } = commandTree(
  createProgram(createContext(new Output(nowhere(), nowhere(), {}), interruption)),
);
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

it.each(files)('%s shows commands that exist, with options that exist', (file) => {
  const text = readFileSync(file, 'utf8');
  for (const [, script = ''] of text.matchAll(/\bnpm run ([\w:-]+)/g))
    expect(Object.keys(scripts)).toContain(script);
  for (const [line, name, rest = ''] of text.matchAll(/\bftplab ([a-z][a-z-]*)\b([^`|\n]*)/g)) {
    // A command line stands in code; in prose, `ftplab` may be followed by any word.
    if (!/`|npx /.test(text.slice(Math.max(0, text.indexOf(line) - 5), text.indexOf(line)))) continue;
    const command = commands.find((each) => each.name === name);
    expect(command, line).toBeDefined();
    for (const [flag] of rest.matchAll(/--[a-z][\w-]*/g))
      expect(
        command?.options.map((option) => option.flag),
        line,
      ).toContain(flag);
  }
});
