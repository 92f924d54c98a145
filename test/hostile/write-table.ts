/** `npm run hostile`: has diagnose try every hostile server, prints what came of it, and writes docs/hostile-servers.md. */
import { writeFileSync } from 'node:fs';
import pLimit from 'p-limit';
import { diagnosisText } from '../../lab/report/text/diagnosis.ts';
import type { Behaviour } from './behaviour.ts';
import { dataCommands } from './data-commands.ts';
import { greetings } from './greetings.ts';
import { logins } from './logins.ts';
import { tryInOwnProcess } from './own-process.ts';
import { transfers } from './transfers.ts';
import { password } from './try-behaviour.ts';

const patienceMs = 10_000;
const atOnce = pLimit(4);
const groups: Readonly<Record<string, readonly Behaviour[]>> = {
  'As a client connects': greetings,
  'At the login': logins,
  'About where data is to go': dataCommands,
  'In transfers': transfers,
};

let peak = 0;
const crashes: string[] = [];

interface Row {
  readonly name: string;
  readonly found: string;
  readonly ms: number;
  /** What is wrong with it; `null` for nothing. */
  readonly wrong: string | null;
}

async function row(behaviour: Behaviour): Promise<Row> {
  const { name, finds, says } = behaviour;
  const tried = await tryInOwnProcess(behaviour, patienceMs).catch((error: Error) => error);
  if (tried instanceof Error) {
    crashes.push(tried.message);
    return { name, found: 'nothing', ms: 0, wrong: 'the process died' };
  }
  const { diagnosis, found, ms } = tried;
  peak = Math.max(peak, tried.peak);
  const text = diagnosisText(diagnosis, { width: 120, color: false });
  const known = diagnosis.modes.map((mode) => `${mode.known} ${mode.open}`).join();
  const faults = [
    ...(finds === 'any' || found === finds ? [] : [`should be ${finds}`]),
    ...(says && !says.test(known) ? [`does not say ${says}`] : []),
    ...(ms > patienceMs + 5000 ? ['too slow'] : []),
    ...(/(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u.test(text) ? ['control characters'] : []),
    ...(text.toLowerCase().includes(password) ? ['the password'] : []),
  ];
  return { name, found, ms, wrong: faults.length === 0 ? null : faults.join(', ') };
}

const lines: string[] = [];
const totals = { tried: 0, failed: 0 };
const slowest: number[] = [];
for (const [title, behaviours] of Object.entries(groups)) {
  const rows = await Promise.all(behaviours.map((behaviour) => atOnce(() => row(behaviour))));
  const failed = rows.filter(({ wrong }) => wrong !== null);
  totals.tried += rows.length;
  totals.failed += failed.length;
  slowest.push(...rows.map(({ ms }) => ms));
  lines.push('', `## ${title}`, '', `Tried: ${rows.length}. Failed: ${failed.length}.`, '');
  lines.push('| the server | diagnose finds | s |', '|---|---|---:|');
  for (const { name, found, ms, wrong } of rows)
    lines.push(
      `| ${name} | ${found}${wrong === null ? '' : ` (wrong: ${wrong})`} | ${(ms / 1000).toFixed(1)} |`,
    );
}
const summary = `Tried: ${totals.tried}. Failed: ${totals.failed}. Crashes: ${crashes.length}. The longest took ${(Math.max(...slowest) / 1000).toFixed(1)} s, with a patience of ${patienceMs / 1000} s. A process took ${Math.round(peak / 1e6)} MB at most.`;
const head = [
  '# Hostile servers',
  '',
  'What `diagnose` makes of servers that are hostile, broken or odd, on loopback, one transfer mode and one process each. `npm run hostile` tries',
  'them and writes this; the words in the second column are the kinds of failure in `lab/model/attempt.ts`. A try fails if the',
  'word is wrong, if it takes more than 5 s over the patience, if a control character is printed, or the password.',
  '',
  summary,
];
writeFileSync('docs/hostile-servers.md', `${[...head, ...lines].join('\n')}\n`);
process.stdout.write(`${[...lines, '', summary, ...crashes].join('\n')}\n`);
process.exitCode = totals.failed + crashes.length > 0 ? 1 : 0;
