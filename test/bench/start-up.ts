import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examples } from '../docs/examples.ts';
import { line, median } from './figures.ts';

const rounds = 9;

/** How soon the command line of the built package, installed below `root`, answers; `name` is the lab that `try` begins with. */
export async function startUp(root: string, name: string): Promise<void> {
  // Below the clone, so that Node.js finds the dependencies there.
  await mkdir(join(root, 'results'), { recursive: true });
  const folder = await mkdtemp(join(root, 'results/package-'));
  try {
    await ended(spawn('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root }));
    await ended(spawn('sh', ['-c', 'tar xzf *.tgz'], { cwd: folder }));
    const rules = join(folder, 'partners.ts');
    await writeFile(rules, examples.get('partners.ts') ?? '');
    const bin = join(folder, 'package/bin/ftplab.js');
    for (const [what, most, ...args] of [
      ['--version', 250, '--version'],
      ['help', 250, 'help'],
      ['usage error', 250, 'try', rules, '--no-such-option'],
      ['first line of try', 500, 'try', rules, '--name', name],
    ] as const) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) times.push(await firstOutput([bin, ...args]));
      line(what, median(times), `at most ${most} ms`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** From the start of Node.js to what it prints first, in milliseconds. It is then interrupted, and cleans up. */
async function firstOutput(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const end = ended(child);
  const first = await new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.once('data', () => resolve(performance.now() - start)).resume();
    end.then(() => reject(new Error(`${args.join(' ')} printed nothing`)), reject);
  });
  child.kill('SIGINT');
  await end;
  return first;
}

async function ended(child: ReturnType<typeof spawn>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}
