import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readResults } from '../../lab/model/result/read.ts';
import type { RunResult } from '../../lab/model/run-result.ts';
import { ftplab } from '../cli/run-ftplab.ts';
import { type TwoEngines, twoEngines } from './swarm-engines.ts';

/** What came of a job in a swarm of two engines, one of which was killed in mid-run. */
export interface SwarmTrial {
  /** What `ftplab report` made of the tasks' logs. */
  readonly merged: RunResult;
  /** The same cells in one container, not divided. */
  readonly whole: RunResult;
  /** The try of each shard that came to its end. */
  readonly complete: readonly Task[];
  /** How many shards ran on the killed engine. */
  readonly killed: number;
}

interface Task {
  readonly id: string;
  /** Service and place, such as `ftplab.1`; in place of the first shard's place stands the node. */
  readonly name: string;
  readonly node: string;
  /** The first word of what Docker calls its state, such as `Complete`. */
  readonly state: string;
}

/** The first version of docker(1) whose `stack deploy` knows jobs. */
const firstWithJobs = 23;

/** How long all may take after the engine is killed, in milliseconds: a swarm takes a while to miss a node. */
const patience = 240_000;

/**
 * Runs a job as `ftplab job --swarm` writes it, in an image that docker(1)'s own engine has, and kills an engine while its shards are
 * being tried. Needs root, `dockerd`, and docker(1) 23 or later. Leaves nothing.
 */
export async function swarmTrial(
  image: string,
  {
    shards,
    patterns,
    progress,
  }: { shards: number; patterns: readonly string[]; progress: (line: string) => void },
): Promise<SwarmTrial> {
  const folder = await mkdtemp(join(tmpdir(), 'ftplab-job-'));
  try {
    await using engines = await twoEngines();
    await needJobs(engines);
    progress(
      `Two engines are up, Docker ${(await engines.docker('one', 'version', '--format', '{{.Server.Version}}')).trim()}`,
    );
    await engines.load(image);
    await engines.swarm();
    const stack = join(folder, 'stack.yaml');
    await succeed(['job', ...patterns, '--shards', String(shards), '--image', image, '--swarm', stack]);
    const { stderr } = await engines.run('one', 'stack', 'deploy', '--compose-file', stack, 'trial');
    if (/unsupported|ignor/i.test(stderr))
      throw new Error(`docker stack deploy does not take all: ${stderr}`);
    const service = 'trial_ftplab';
    const begun = await until(
      async () => {
        const tasks = await tasksOf(engines, service);
        await refuseFailed(engines, tasks);
        return tasks.every(({ state }) => state === 'Running') && (await triesCells(engines)) && tasks;
      },
      patience,
      () => tasksOf(engines, service),
    );
    progress(`${begun.length} shards run: ${begun.map(({ name, node }) => `${name} on ${node}`).join(', ')}`);
    const killed = begun.filter(({ node }) => node === 'two').length;
    await engines.kill('two');
    progress('Killed engine two');
    const nodes = () => engines.docker('one', 'node', 'ls', '--format', '{{.Hostname}} {{.Status}}');
    await until(async () => (await nodes()).includes('two Down'), patience, nodes);
    // Swarm does not run a job's tasks of a lost node again by itself.
    await engines.docker('one', 'node', 'rm', '--force', 'two');
    progress('Engine one misses it; removed node two');
    const complete = await until(
      async () => {
        const found = (await tasksOf(engines, service)).filter(({ state }) => state === 'Complete');
        return found.length === shards && found;
      },
      patience,
      () => tasksOf(engines, service),
    );
    progress(`All are complete: ${complete.map(({ name, node }) => `${name} on ${node}`).join(', ')}`);
    const files = await Promise.all(
      complete.map(async ({ id }) => {
        const file = join(folder, `${id}.json`);
        await writeFile(file, await engines.docker('one', 'service', 'logs', '--raw', id));
        return file;
      }),
    );
    const merged = runIn(await succeed(['report', ...files, '--json', '-']));
    const rights = ['SYS_ADMIN', 'NET_ADMIN', 'SYS_NICE', 'DAC_READ_SEARCH'].flatMap((name) => [
      '--cap-add',
      name,
    ]);
    const apart = ['run', '--rm', '--network', 'none', ...rights];
    const whole = runIn(
      await engines.docker('one', ...apart, image, 'run', ...patterns, '--quiet', '--json', '-'),
    );
    return { merged, whole, complete, killed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function needJobs(engines: TwoEngines): Promise<void> {
  const version = (await engines.docker('one', 'version', '--format', '{{.Client.Version}}')).trim();
  if (Number.parseInt(version, 10) < firstWithJobs)
    throw new Error(`docker(1) is ${version}; "docker stack deploy" knows jobs since ${firstWithJobs}.0`);
}

async function tasksOf(engines: TwoEngines, service: string): Promise<Task[]> {
  const format = '{{.ID}} {{.Name}} {{.Node}} {{.CurrentState}}';
  const lines = await engines.docker('one', 'service', 'ps', service, '--no-trunc', '--format', format);
  return lines
    .trim()
    .split('\n')
    .map((line) => line.replace('\\_ ', '').split(' '))
    .map(([id = '', name = '', node = '', state = '']) => ({ id, name, node, state }));
}

/** Throws if a task failed by itself, with what it said. */
async function refuseFailed(engines: TwoEngines, tasks: readonly Task[]): Promise<void> {
  const failed = tasks.find(({ state }) => state === 'Failed' || state === 'Rejected');
  if (!failed) return;
  const error = await engines.docker('one', 'inspect', '--format', '{{json .Status}}', failed.id);
  const logs = engines.run('one', 'service', 'logs', '--raw', failed.id);
  const { stdout, stderr } = await logs;
  throw new Error(
    `${failed.name} on ${failed.node} failed: ${error}\n${stdout.slice(-2000)}${stderr.slice(-2000)}`,
  );
}

/** Whether all labs on engine two are up, so that cells are being tried. */
async function triesCells(engines: TwoEngines): Promise<boolean> {
  const ids = (await engines.docker('two', 'ps', '--quiet')).split('\n').filter(Boolean);
  const running = await Promise.all(
    // One that has ended since has no processes.
    ids.map((id) => engines.docker('two', 'top', id, '-o', 'pid,args').catch(() => '')),
  );
  return ids.length > 0 && running.every((processes) => processes.includes('agent'));
}

async function until<Found>(
  look: () => Promise<Found | false>,
  limit: number,
  last: () => Promise<unknown>,
): Promise<Found> {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== false) return found;
    if (Date.now() > end) throw new Error(`Not within ${limit / 1000} s: ${JSON.stringify(await last())}`);
    await delay(200);
  }
}

async function succeed(args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await ftplab(args);
  if (status !== 0) throw new Error(`ftplab ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function runIn(json: string): RunResult {
  const [result] = readResults('run.json', json);
  if (result?.kind !== 'run') throw new Error('no run in what was printed');
  return result;
}
