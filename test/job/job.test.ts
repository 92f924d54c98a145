/** What "ftplab job" writes: an Indexed Job that Kubernetes' API takes, and a stack for Swarm, of the same run. */
import { Job } from 'kubernetes-models/batch/v1';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ftplab } from '../cli/run-main.ts';

const run = ['as-reported', 'y-server', '--driver', 'curl', '--tls'];
const job = (...args: string[]) =>
  ftplab(['job', ...run, '--shards', '3', '--image', 'registry.example/isa-ftp-lab:1', ...args]);

/** What every container does. */
const args = [...['--quiet', 'run', ...run], ...['--shard', 'job/3', '--json', '-']];

async function written(option: string) {
  const { status, stdout, stderr } = await job(option, '-');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return parse(stdout);
}

describe('for Kubernetes', () => {
  it('it is what the schema of the API asks for', async () => {
    const manifest = await written('--kubernetes');
    expect(() => new Job(manifest).validate()).not.toThrow();
    const spoiled = structuredClone(manifest);
    spoiled.spec.template.spec.containers[0].securityContext.capabilities.add = 'SETUID';
    expect(() => new Job(spoiled).validate()).toThrow(/capabilities/);
  });

  it('it has a pod for each shard, without rights on the node', async () => {
    const { spec } = await written('--kubernetes');
    expect(spec).toMatchObject({ completionMode: 'Indexed', completions: 3, parallelism: 3 });
    const pod = spec.template.spec;
    expect(pod).toMatchObject({ hostUsers: false, automountServiceAccountToken: false });
    expect(pod.containers).toHaveLength(1);
    expect(pod.containers[0]).toMatchObject({
      image: 'registry.example/isa-ftp-lab:1',
      args,
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    });
    expect(pod.containers[0].securityContext.privileged).toBeUndefined();
  });
});

it('for Swarm it has a task for each shard, which tells the task its place, and no way out', async () => {
  const { services, networks } = await written('--swarm');
  expect(services.ftplab).toMatchObject({
    image: 'registry.example/isa-ftp-lab:1',
    command: args,
    environment: { JOB_COMPLETION_INDEX: '{{.Task.Slot}}' },
    deploy: { mode: 'replicated-job', replicas: 3 },
  });
  expect(networks).toEqual({ default: { internal: true } });
});

describe('a slip of the pen is told before any container starts', () => {
  it.each([
    [['--shards', '3'], /--kubernetes FILE or --swarm FILE/],
    [['--kubernetes', '-'], /--shards/],
    [['--shards', '3', '--kubernetes', '-', 'as-reportd'], /Did you mean "as-reported"/],
    [['--shards', '999', '--kubernetes', '-', 'as-reported'], /more shards than cells/],
    [['--shards', '3', '--kubernetes', '-', '--swarm', '-'], /cannot both write to standard output/],
    [['--shards', '3', '--kubernetes', '/no/such/folder/job.yaml'], /--kubernetes cannot write/],
  ])('%j', async (words, message) => {
    const { status, stdout, stderr } = await ftplab(['job', ...words]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe("a container's part of a run", () => {
  const listed = async (place: string | undefined) => {
    const { status, stderr } = await ftplab(['run', '--list', '--shard', 'job/3'], {
      env: { JOB_COMPLETION_INDEX: place },
    });
    return { status, stderr };
  };
  it.each(['0', '2', 'o6qygumkbm0klkfi1cb50d7op'])('is known by its place %j', async (place) => {
    expect(await listed(place)).toMatchObject({ status: 0 });
  });
  it.each([
    ['3', /In this job it is 4\/3/],
    [undefined, /for containers of a job, which have JOB_COMPLETION_INDEX/],
  ])('cannot be by %j', async (place, message) => {
    expect(await listed(place)).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });
});
