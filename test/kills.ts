/**
 * `npm run kills [N]`: ends N commands, labs and hosts of the namespaces engine at random moments by SIGKILL or Ctrl-C, and counts
 * what the next `down` leaves. Prints the counts; exit status 1 if anything is left.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { kill } from '../lab/engine/namespaces/processes.ts';
import { runningHosts, runningLabs } from '../lab/engine/namespaces/running-lab.ts';

const name = 'kills';
const bin = fileURLToPath(new URL('../bin/ftplab.js', import.meta.url));
const times = Number(process.argv[2] ?? 100);

/** Runs a command of the lab; `after` milliseconds later `act` is done to it. */
async function command(args: readonly string[], after?: number, act?: (pid: number) => void): Promise<void> {
  const child = spawn(process.execPath, [bin, ...args, '--name', name, '--engine', 'namespaces'], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (after !== undefined && act && child.pid !== undefined) {
    await Promise.race([delay(after), ended]);
    act(child.pid);
  }
  await ended;
}

/** Network namespaces of processes that are not this one's, which a lab that has not gone would have. */
function foreignProcesses(): number {
  const own = readlinkSync('/proc/self/ns/net');
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return readlinkSync(`/proc/${pid}/ns/net`) !== own && command.includes(`\0${name}\0`);
    } catch {
      return false;
    }
  }).length;
}

const ways: readonly [string, (command: number) => void][] = [
  ['SIGKILL to the command', kill],
  ['Ctrl-C to the command', (pid) => tell(pid, 'SIGINT')],
  ["SIGKILL to the lab's first process", () => each((lab) => [lab])],
  ['SIGKILL to a host', () => each((_lab, hosts) => hosts.slice(0, 1))],
];

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended already
  }
}

function each(choose: (lab: number, hosts: number[]) => number[]): void {
  for (const lab of runningLabs().filter((running) => running.name === name))
    for (const pid of choose(
      lab.pid,
      [...runningHosts(lab).values()].map(({ sandbox }) => sandbox),
    ))
      kill(pid);
}

const counts = new Map(ways.map(([way]) => [way, { times: 0, left: 0 }]));
for (let round = 0; round < times; round++) {
  const way = ways[round % ways.length];
  if (!way) break;
  const [what, act] = way;
  const args = round % 8 < 4 ? ['run', 'as-reported/y-server'] : ['up'];
  await command(args, 300 + Math.random() * 3000, act);
  await command(['down']);
  const count = counts.get(what);
  if (!count) continue;
  count.times++;
  const left = runningLabs().filter((lab) => lab.name === name).length + foreignProcesses();
  if (left > 0) count.left++;
}
for (const [what, { times: made, left }] of counts)
  console.log(`${what}: ${made} times, ${left} left something`);
if ([...counts.values()].some(({ left }) => left > 0)) process.exitCode = 1;
