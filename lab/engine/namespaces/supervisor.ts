import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../errors.ts';
import type { DesiredLab } from '../stack-file.ts';
import { imagesFolder } from './layers.ts';
import { environment, userNamespaceOptions } from './privileges.ts';
import { childrenOf, kill, lives } from './processes.ts';
import { inside, marker, type RunningLab } from './running-lab.ts';
import { beginning, labFolder, listening, outlive } from './script.ts';
import { namespaces } from './try-in-namespaces.ts';

/** The kernel takes no less, and gives ids from 300 on once it has come around (kernel/pid.c). */
const smallestPidMax = 301;

/** A lab's first process, started by this process: it ends with this one unless it is told to outlive it. */
export interface Supervisor extends RunningLab {
  /** Runs a script in the lab's own namespaces. Throws LabError `namespaces-refused` with what it says. */
  run(script: string): Promise<void>;
  outlive(): Promise<void>;
}

/**
 * Makes the namespaces of a lab, empty except for a record of what it is to hold; their first process then waits for
 * commands. Throws LabError `namespaces-refused`.
 */
export async function startSupervisor(desired: DesiredLab): Promise<Supervisor> {
  const { name } = desired;
  const record = JSON.stringify(desired);
  const script = `${beginning}${processLimit(desired)}cat > ${labFolder}/lab.json.next << 'END'\n${record}\nEND\nmv ${labFolder}/lab.json.next ${labFolder}/lab.json\necho ready\n${listening}`;
  const args = [
    ...userNamespaceOptions(),
    ...namespaces,
    'sh',
    '-c',
    script,
    'sh',
    imagesFolder(),
    marker,
    name,
  ];
  // In its own session: Ctrl-C goes to this process, which then takes the lab down.
  const child = spawn('unshare', args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: environment(),
  });
  const { stdin, stdout, stderr } = child;
  stdin.on('error', () => {}); // it shows as the process' end
  let said = '';
  stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-4000);
  });
  const failure = await new Promise<string | null>((resolve) => {
    stdout.once('data', () => resolve(null));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(`it ended with ${signal ?? `status ${code}`}`));
  });
  if (failure !== null) throw refused(said.trim() || failure);
  const pid = childrenOf(child.pid ?? 0)[0];
  if (pid === undefined) throw refused('its first process is gone');
  return {
    name,
    pid,
    run: (text) => runScript(pid, text, (line) => stdin.write(line)),
    async outlive() {
      await new Promise((resolve) => stdin.write(`${outlive}\n`, resolve));
      for (const stream of [stdin, stdout, stderr]) stream.destroy();
      child.unref();
    },
  };
}

/** A lab that outlives the process that made it. */
export function supervisorOf({ name, pid }: RunningLab): Supervisor {
  return {
    name,
    pid,
    run: (text) => runScript(pid, text, (line) => appendFileSync(inside(pid, 'control'), line)),
    outlive: () => Promise.resolve(),
  };
}

async function runScript(pid: number, text: string, tell: (line: string) => void): Promise<void> {
  const name = `work-${randomUUID()}`;
  const file = (suffix = '') => inside(pid, `${name}${suffix}`);
  writeFileSync(file(), text);
  tell(`cd ${labFolder}; sh -e ${name} > ${name}.said 2>&1; echo $? > ${name}.status\n`);
  while (!existsSync(file('.status')) || readFileSync(file('.status'), 'utf8') === '') {
    if (!lives(pid)) throw refused('its first process is gone');
    await delay(2);
  }
  const status = readFileSync(file('.status'), 'utf8').trim();
  const said = readFileSync(file('.said'), 'utf8').trim();
  for (const suffix of ['', '.said', '.status']) rmSync(file(suffix));
  if (status !== '0') throw refused(said || `a script ended with status ${status}`);
}

/** Ends a lab: with its first process all others end, and its namespaces disappear. */
export async function endLab({ pid }: RunningLab): Promise<void> {
  kill(pid);
  // A busy machine takes its time over some hundred processes.
  const end = Date.now() + 30_000;
  while (lives(pid)) {
    if (Date.now() > end)
      throw new LabError(
        'environment',
        'not-removed',
        `Process ${pid} of the lab does not end`,
        'Wait for what it is doing, such as a slow disk, then run "ftplab down" again.',
      );
    await delay(2);
  }
}

/**
 * Limits the processes of a lab as a whole, to as many as its hosts may have: since Linux 6.14 the largest process id is a
 * matter of each namespace of processes. Before, it was the machine's, and stays as it is.
 */
function processLimit({ containers }: DesiredLab): string {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const ofNamespace = major > 6 || (major === 6 && minor >= 14);
  const limits = containers.map(({ processes }) => processes);
  if (!ofNamespace || limits.includes(null)) return '';
  const most = limits.reduce<number>((sum, limit) => sum + (limit ?? 0), smallestPidMax);
  return `echo ${most} > /proc/sys/kernel/pid_max\n`;
}

function refused(what: string): LabError {
  return new LabError(
    'environment',
    'namespaces-refused',
    `The lab's namespaces could not be made: ${what}`,
    '"ftplab doctor --engine namespaces" tries each thing that they need and says what to do.',
  );
}
