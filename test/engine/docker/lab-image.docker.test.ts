/** The whole lab in one image, built and run as docs/one-image.md says. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, findDaemon } from '../../../lab/engine/docker/find-daemon.ts';
import { buildLabImage } from '../../../lab/engine/docker/images/lab-image.ts';
import { kubernetesJob } from '../../../lab/job/kubernetes.ts';
import { readResults } from '../../../lab/model/result/read.ts';

const tag = 'isa-ftp-lab:it-lab-image';

/** The sets of flags that the guide gives docker(1). */
const guide = readFileSync('docs/one-image.md', 'utf8').replaceAll('\\\n', '');
const flags = [...guide.matchAll(/alias ftplab='docker (run [^']*) isa-ftp-lab'/g)].map(([, given = '']) =>
  given.trim().split(/\s+/),
);

/** The rights of a container in the job for Kubernetes, in docker(1)'s words. */
function flagsOfPod(): string[] {
  const job = kubernetesJob({ name: 'ftplab', image: tag, shards: 2, choice: [] });
  const context = job.spec?.template.spec?.containers[0]?.securityContext;
  const { drop = [], add = [] } = context?.capabilities ?? {};
  expect(context).toMatchObject({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true });
  expect(context).toMatchObject({ seccompProfile: { type: 'Unconfined' }, procMount: 'Unmasked' });
  return [
    ...['run', '--rm', '-i', '--network', 'none', '--read-only', '--tmpfs', '/tmp'],
    ...drop.flatMap((name) => ['--cap-drop', name]),
    ...add.flatMap((name) => ['--cap-add', name]),
    ...['no-new-privileges', 'seccomp=unconfined', 'systempaths=unconfined'].flatMap((option) => [
      '--security-opt',
      option,
    ]),
  ];
}

function docker(args: readonly string[], input = '') {
  const options = { encoding: 'utf8', input, env: { ...process.env, ...daemon.environment } } as const;
  return spawnSync('docker', args, options);
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

it('the guide has two sets of flags', () => {
  expect(flags).toHaveLength(2);
});

describe.each([
  ['a user namespace of its own', flags[0] ?? []],
  ["four more capabilities and Docker's own seccomp profile", flags[1] ?? []],
  ['the rights of the pod', flagsOfPod()],
])('the image, without a network and with %s', (_rights, given) => {
  const ftplab = (args: readonly string[], input = '') => docker([...given, tag, ...args], input);

  it('runs a scenario', () => {
    const { status, stdout, stderr } = ftplab(['run', 'as-reported/y-server', '--json', '-']);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const [run] = readResults('run.json', stdout);
    expect(run).toMatchObject({
      kind: 'run',
      engine: { name: 'namespaces' },
      summary: { cells: 12, asExpected: 12 },
    });
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

  it('keeps whoever gets the better of a host from everything else', () => {
    const program = readFileSync('test/engine/escape.py', 'utf8');
    const hosts = ['vsftpd', 'isa-y', 'y-workstation'];
    const inHost = (host: string) =>
      `ftplab shell ${host} -- python3 -c "$(cat /tmp/escape.py)" 80 169.254.169.254`;
    const script = ['cat > /tmp/escape.py', 'ftplab up > /tmp/said', ...hosts.map(inHost)].join(' && ');
    const { stdout } = docker([...given, '--entrypoint', 'sh', tag, '-c', script], program);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { tried: string[]; succeeded: string[] });
    expect(lines.map(({ succeeded }) => succeeded)).toEqual(hosts.map(() => []));
    for (const { tried } of lines) expect(tried.length).toBeGreaterThan(30);
  });
});
