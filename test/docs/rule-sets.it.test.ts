import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ftplab } from '../cli/run-ftplab.ts';
import { examples } from './examples.ts';

it("runs the example of the author's page", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ftplab-docs-'));
  try {
    const file = join(folder, 'partners.ts');
    await writeFile(file, examples.get('partners.ts') ?? '');
    const only = ['--client', 'y-server', '--server', 'vsftpd', '--server', 'proftpd', '--mode', 'pasv'];
    const { status, stdout } = await ftplab(['try', file, ...only, '--json', '-', '--name', 'it-docs']);
    expect(status).toBe(0);
    const { cells } = JSON.parse(stdout) as {
      cells: { server: string; verdict: { uploaded: boolean; cause: string } }[];
    };
    expect(cells.map(({ server, verdict }) => [server, verdict.uploaded])).toEqual([
      ['vsftpd', true],
      ['proftpd', false],
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
