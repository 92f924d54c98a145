/**
 * Docker engines that see only each other, in namespaces of their own on this machine: each has its own network, processes, mounts
 * and host name, and one cable to its peer. No packet of theirs can leave the machine, and killed, one leaves as much as a machine
 * that has lost its power.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { childrenOf, lives } from '../../lab/engine/namespaces/processes.ts';
import { shellQuoted } from '../../lab/shell-quoted.ts';

const run = promisify(execFile);

/** What only the two engines see: the addresses exist in their networks alone. */
const addresses = { one: '10.213.77.1', two: '10.213.77.2' } as const;
type EngineName = keyof typeof addresses;

export interface TwoEngines extends AsyncDisposable {
  /** Runs docker(1) against one of them; returns what it printed. */
  docker(engine: EngineName, ...args: string[]): Promise<string>;
  /** The same, with what it said on standard error. */
  run(engine: EngineName, ...args: string[]): Promise<{ stdout: string; stderr: string }>;
  /** Gives both an image of the engine that docker(1) uses by itself. */
  load(image: string): Promise<void>;
  /** Makes them a swarm that `one` manages. */
  swarm(): Promise<void>;
  /** Ends an engine and all that runs on it at once. */
  kill(engine: EngineName): Promise<void>;
}

/** Starts both. Needs root and `dockerd`. Their processes end with this one, however it ends. */
export async function twoEngines(): Promise<TwoEngines> {
  const folder = await mkdtemp(join(tmpdir(), 'ftplab-swarm-'));
  const group = `isa-ftp-lab-swarm-${process.pid}`;
  const started = new Map<EngineName, ChildProcess>();
  const names = Object.keys(addresses) as EngineName[];
  const socket = (engine: EngineName) => join(folder, engine, 'docker.sock');
  const ask = (engine: EngineName, ...args: string[]) =>
    run('docker', ['--host', `unix://${socket(engine)}`, ...args], { maxBuffer: 2 ** 28 });
  const docker = async (engine: EngineName, ...args: string[]) => (await ask(engine, ...args)).stdout;
  const kill = async (engine: EngineName) => {
    const pids = firstOf(started.get(engine));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    while (pids.some(lives)) await delay(20);
  };
  const dispose = async () => {
    for (const engine of names) await kill(engine);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    removeGroups(group);
  };
  try {
    await Promise.all(
      names.map(async (engine) => {
        await mkdir(join(folder, engine));
        started.set(engine, start(engine, join(folder, engine), `/${group}/${engine}`));
        await answer(() => docker(engine, 'version'), join(folder, engine, 'log'));
      }),
    );
    const [one, two] = names.map((engine) => String(firstOf(started.get(engine))[0]));
    const cable = ['type', 'veth', 'peer', 'name', 'cable', 'netns'];
    await run('ip', ['link', 'add', 'cable', 'netns', one ?? '', ...cable, two ?? '']);
    for (const engine of names) {
      const inside = ['--target', String(firstOf(started.get(engine))[0]), '--net', 'ip'];
      await run('nsenter', [...inside, 'address', 'add', `${addresses[engine]}/24`, 'dev', 'cable']);
      await run('nsenter', [...inside, 'link', 'set', 'cable', 'up']);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    docker,
    run: ask,
    kill,
    async load(image) {
      const into = names.map(
        (engine) => `docker --host ${shellQuoted(`unix://${socket(engine)}`)} load --quiet`,
      );
      for (const command of into)
        await run('sh', ['-c', `docker save ${shellQuoted(image)} | ${command}`], { maxBuffer: 2 ** 20 });
    },
    async swarm() {
      const at = (engine: EngineName) => [
        '--advertise-addr',
        addresses[engine],
        '--listen-addr',
        addresses[engine],
      ];
      await docker('one', 'swarm', 'init', ...at('one'), '--default-addr-pool', '10.214.0.0/16');
      const token = (await docker('one', 'swarm', 'join-token', '--quiet', 'worker')).trim();
      await docker('two', 'swarm', 'join', '--token', token, ...at('two'), `${addresses.one}:2377`);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

function start(engine: EngineName, folder: string, group: string): ChildProcess {
  const place = (name: string) => shellQuoted(join(folder, name));
  const dockerd = [
    ...['dockerd', '--host', shellQuoted(`unix://${join(folder, 'docker.sock')}`), '--bridge', 'none'],
    ...['--data-root', place('data'), '--exec-root', place('run'), '--pidfile', place('pid')],
    ...['--cgroup-parent', group, '--userland-proxy=false'],
  ];
  const script = `hostname ${engine}; ip link set lo up; exec ${dockerd.join(' ')} > ${place('log')} 2>&1`;
  const apart = ['--mount', '--pid', '--net', '--uts', '--fork', '--kill-child', '--mount-proc'];
  // Ctrl-C is for this process, which then takes the engines down.
  const options = { stdio: 'ignore', detached: true } as const;
  return spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...apart, 'sh', '-c', script], options);
}

/** The first process of an engine's namespaces: with it everything there ends. */
function firstOf(unshare: ChildProcess | undefined): number[] {
  return unshare?.pid === undefined ? [] : childrenOf(unshare.pid);
}

async function answer(ask: () => Promise<unknown>, log: string): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`An engine does not answer; see ${log}`, { cause: error });
      await delay(200);
    }
  }
}

/** Removes what a killed engine leaves of control groups, on machines with either version of them. */
function removeGroups(name: string): void {
  const root = '/sys/fs/cgroup';
  const tops = ['', ...(existsSync(root) ? readdirSync(root) : [])].map((top) => join(root, top, name));
  const remove = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) remove(join(folder, entry.name));
    rmdirSync(folder);
  };
  for (const top of tops) if (existsSync(top)) remove(top);
}
