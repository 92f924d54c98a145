/** The whole lab in one image, built and run as docs/one-image.md says. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, findDaemon } from '../../../lab/engine/docker/find-daemon.ts';
import { buildLabImage } from '../../../lab/engine/docker/images/lab-image.ts';
import { readResults } from '../../../lab/model/result/read.ts';

const tag = 'isa-ftp-lab:it-lab-image';

/** What the guide gives docker(1). */
function flags(): string[] {
  const guide = readFileSync('docs/one-image.md', 'utf8').replaceAll('\\\n', '');
  const [, given = ''] = /alias ftplab='docker (run [^']*) isa-ftp-lab'/.exec(guide) ?? [];
  return given.trim().split(/\s+/);
}

function ftplab(args: readonly string[], input = '') {
  const options = { encoding: 'utf8', input, env: { ...process.env, ...daemon.environment } } as const;
  return spawnSync('docker', [...flags(), tag, ...args], options);
}

let daemon: Daemon;
beforeAll(async () => {
  daemon = await findDaemon();
  await buildLabImage(daemon, tag, {
    progress: () => undefined,
    signal: new AbortController().signal,
    install: true,
  });
});
afterAll(() => daemon.docker.getImage(tag).remove({ force: true }));

describe('the image, without a network and with the rights in the guide', () => {
  it('runs a scenario', () => {
    const { status, stdout } = ftplab(['run', 'as-reported/y-server', '--json', '-']);
    const [run] = readResults('run.json', stdout);
    expect(run).toMatchObject({
      kind: 'run',
      engine: { name: 'namespaces' },
      summary: { cells: 12, asExpected: 12 },
    });
    expect(status).toBe(0);
  });

  it('tries rules from standard input', () => {
    const rules = '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp -j ACCEPT\nCOMMIT\n';
    const { status, stdout } = ftplab(['try', '-', '--client', 'y-server', '--server', 'vsftpd'], rules);
    expect(stdout).toContain('4 cells, 4 uploaded');
    expect(status).toBe(0);
  });

  it('has all that the doctor asks for', () => {
    const { stdout } = ftplab(['doctor', '--json', '-']);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: unknown; detail: string }[] };
    expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
  });
});
