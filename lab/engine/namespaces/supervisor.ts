import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../errors.ts';
import { imagesFolder } from './layers.ts';
import { environment, userNamespaceOptions } from './privileges.ts';
import { childrenOf, kill, lives } from './processes.ts';
import { inside, marker, type RunningLab } from './running-lab.ts';
import { beginning, labFolder, listening, outlive } from './script.ts';
import { namespaces } from './try-in-namespaces.ts';

/** A lab's first process, started by this process: it ends with this one unless it is told to outlive it. */
export interface Supervisor extends RunningLab {
  /** Runs a script in the lab's own namespaces. Throws LabError `namespaces-refused` with what it says. */
  run(script: string): Promise<void>;
  outlive(): Promise<void>;
}

/**
 * Makes the namespaces of a lab, empty except for `record`; their first process then waits for commands. Throws LabError
 * `namespaces-refused`.
 */
export async function startSupervisor(name: string, record: string): Promise<Supervisor> {
  const script = `${beginning}cat > ${labFolder}/lab.json << 'END'\n${record}\nEND\necho ready\n${listening}`;
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
  const end = Date.now() + 5000;
  while (lives(pid)) {
    if (Date.now() > end)
      throw new LabError('environment', 'not-removed', `Process ${pid} of the lab does not end`);
    await delay(2);
  }
}

function refused(what: string): LabError {
  return new LabError(
    'environment',
    'namespaces-refused',
    `The lab's namespaces could not be made: ${what}`,
    '"ftplab doctor --engine namespaces" tries each thing that they need and says what to do.',
  );
}
