/**
 * `npm run soak [DIALOGUES] [SEED]`: attempts at servers that say and do anything, made up at random, on loopback. Fails
 * if one crashes or does not end, or if the process grows. At most 15 minutes.
 */
import { constantFrom, oneof, sample, string } from 'fast-check';
import pLimit from 'p-limit';
import { makeAttempt } from '../../lab/agent/make-attempt.ts';
import { transferModes } from '../../lab/model/attempt.ts';
import {
  closes,
  dribbles,
  floods,
  repeats,
  resets,
  saysAndCloses,
  saysInHalves,
  sends,
  silent,
} from './acts.ts';
import type { Behaviour } from './behaviour.ts';
import { type Act, HostileServer } from './server.ts';

const wanted = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const patienceMs = 400;
const mostMs = 15 * 60_000;
const mostMemory = 500e6;
const verbs = [
  'USER',
  'PASS',
  'FEAT',
  'TYPE',
  'PASV',
  'EPSV',
  'PORT',
  'EPRT',
  'LIST',
  'STOR',
  'RETR',
  'QUIT',
  'any',
];

const code = constantFrom(
  '120',
  '125',
  '150',
  '200',
  '220',
  '226',
  '227',
  '229',
  '230',
  '331',
  '350',
  '421',
  '425',
  '426',
  '500',
  '530',
  '550',
  '552',
  '999',
  '000',
  '22',
);
const reply = oneof(code, string({ unit: 'binary', maxLength: 40 }), string({ maxLength: 40 })).chain(
  (start) =>
    oneof(
      string({ unit: 'binary', maxLength: 60 }),
      string({ maxLength: 60 }),
      constantFrom('(127,0,0,1,4,1)', '(|||1025|)', '\r\n150 x', '\n'),
    ).map((rest) => `${start}${rest.startsWith('(') ? ' ' : ''}${rest}`),
);
const act = oneof(
  { weight: 6, arbitrary: reply.map((text): Act => text) },
  { weight: 1, arbitrary: reply.map((text) => sends(text)) },
  { weight: 1, arbitrary: reply.map((text) => saysInHalves(text)) },
  { weight: 1, arbitrary: reply.map((text) => saysAndCloses(text)) },
  {
    weight: 1,
    arbitrary: constantFrom(
      silent,
      closes,
      resets,
      dribbles('220-x\r\n'),
      repeats('150 x'),
      floods('230-y\r\n'),
      floods('z'),
    ),
  },
);

/** A server that behaves but for one to three of its answers. */
function behaviourOf(number: number): Behaviour {
  const [first, second, third] = sample(act, { seed: seed + number, numRuns: 3 });
  const at = (shift: number) => verbs[(number * 7 + shift * 5 + (number >> 3)) % verbs.length] ?? 'any';
  return {
    name: String(number),
    mode: transferModes[number % transferModes.length] ?? 'pasv',
    ...(number % 4 === 0 && first !== undefined && { greeting: first }),
    on: {
      [at(0)]: first ?? silent,
      ...(number % 3 === 0 && { [at(1)]: second ?? silent, [at(2)]: third ?? silent }),
    },
    finds: 'any',
  };
}

const failures: string[] = [];
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) =>
    failures.push(`crash: ${error instanceof Error ? error.stack : error}`),
  );
let peak = 0;
let done = 0;
const started = performance.now();
const outcomes = new Map<string, number>();
const watching = setInterval(() => {
  const { rss } = process.memoryUsage();
  peak = Math.max(peak, rss);
  if (rss > mostMemory && failures.length === 0)
    failures.push(`memory: ${Math.round(rss / 1e6)} MB after ${done}`);
}, 100);
const telling = setInterval(() => process.stderr.write(`${done} of ${wanted}\n`), 10_000);

async function dialogue(number: number): Promise<void> {
  if (failures.length > 0 || performance.now() - started > mostMs) return;
  const behaviour = behaviourOf(number);
  await using server = await HostileServer.start(behaviour, patienceMs / 5);
  const order = {
    ...{ id: 'soak', driver: 'basic-ftp' as const, tls: false, host: '127.0.0.1', port: server.port },
    ...{ user: 'bob', password: 'hunter2secret', mode: behaviour.mode ?? ('pasv' as const), patienceMs },
    ...{ smallBytes: 100, largeBytes: 20_000, retrieveFile: null, retrieveBytes: 0 },
  };
  const hang = setTimeout(() => failures.push(`hang: dialogue ${number}, seed ${seed}`), 60_000);
  const { steps } = await makeAttempt(order, () => undefined).report.finally(() => clearTimeout(hang));
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  const outcome = failed?.failure ?? 'all done';
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  done++;
}

const limit = pLimit(48);
await Promise.all(Array.from({ length: wanted }, (_, number) => limit(() => dialogue(number))));
clearInterval(watching);
clearInterval(telling);
const seconds = (performance.now() - started) / 1000;
for (const [outcome, count] of [...outcomes].sort((a, b) => b[1] - a[1]))
  process.stdout.write(`${count} ${outcome}\n`);
process.stdout.write(
  `Dialogues: ${done} of ${wanted}, seed ${seed}. Failed: ${failures.length}. ${seconds.toFixed(0)} s, ${Math.round(peak / 1e6)} MB at most.\n`,
);
for (const failure of failures.slice(0, 20)) process.stdout.write(`${failure}\n`);
process.exit(failures.length > 0 ? 1 : 0);
