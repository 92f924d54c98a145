import Table from 'cli-table3';
import { type ObservedStep, type StepName, stepNames, wayOf } from '../../model/attempt.ts';
import { endpointOf } from '../../model/endpoint.ts';
import type { Evidence } from '../../model/evidence.ts';
import { called } from '../../model/names.ts';
import type {
  DiagnosedServer,
  Diagnosis,
  ModeDiagnosis,
  SameSignature,
  Telling,
} from '../../model/result/diagnosis.ts';
import { leftInWords } from '../../verdict/sentence.ts';
import { ladderOf } from '../ladder/ladder.ts';
import { drawnLadder } from './explanation.ts';
import { noLines, withoutTrailingBlanks } from './plain-table.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/**
 * The result of each transfer mode, what is known and what is not, and the lab's scenarios that fail the same way.
 * Needs a width of 60 or more.
 */
export function diagnosisText(diagnosis: Diagnosis, style: Style): string {
  const parts = [
    heading(diagnosis, style),
    table(diagnosis.modes, style),
    legend(diagnosis, style),
    ...diagnosis.modes.map((mode) => modeText(mode, diagnosis.server.host, style)),
    sameText(diagnosis, style),
    apartText(diagnosis.apart, style),
    leftText(diagnosis, style),
    otherEnd(diagnosis, style),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function heading({ server, modes, notTried }: Diagnosis, style: Style): string {
  const { user, folder } = server;
  const uploads = modes.filter(({ verdict }) => verdict.uploaded).length;
  const where = folder === '' ? '' : `, to folder ${folder}`;
  const lines = [
    colorsOf(style).bold(
      wrap(
        `${calledServer(server)} as ${user}${where}: uploads in ${uploads} of ${modes.length} transfer modes tried.`,
        style.width,
        '  ',
      ),
    ),
  ];
  if (notTried.length > 0)
    lines.push(
      wrap(
        `Not tried: ${notTried.join(', ')}. The way to the login is the same in every mode, and it failed; the lab does not repeat a failed login.`,
        style.width,
        '  ',
      ),
    );
  return lines.join('\n');
}

/** A server by its name, with the addresses that were called. */
export function calledServer({ host, address, address6, port }: DiagnosedServer): string {
  const called = [address, ...(address6 === undefined ? [] : [address6])].map((one) => endpointOf(one, port));
  return host === address ? called.join(' and ') : `${host} (${called.join(' and ')})`;
}

const titles: Record<StepName, string> = {
  connect: 'connect',
  login: 'login',
  list: 'list',
  'store-small': '1 KiB',
  'store-large': '1 MiB',
  retrieve: 'retrieve',
};

const noAnswer = 'silent';

/** A step's outcome in a word. */
function wordOf({ outcome, failure, code }: ObservedStep): string {
  if (outcome === 'ok') return 'ok';
  if (outcome === 'skipped') return '-';
  if (code !== null) return String(code);
  switch (failure) {
    case 'control-unanswered':
    case 'data-unanswered':
    case 'greeting-silent':
    case 'not-ready':
    case 'command-unanswered':
      return noAnswer;
    case 'control-refused':
    case 'data-refused':
      return 'refused';
    case 'control-closed':
    case 'greeting-closed':
      return 'closed';
    case 'not-ftp':
      return 'not FTP';
    case 'too-much':
      return 'too much';
    case 'data-address-garbled':
      return 'garbled';
    case 'address-refused-by-client':
      return 'address';
    case 'transfer-stalled':
      return 'stalled';
    case 'content-mismatch':
      return 'altered';
    default:
      return 'failed';
  }
}

const meanings = {
  silent: 'no answer',
  refused: 'rejected at once',
  closed: 'the control connection was closed',
  'not FTP': 'another protocol answers',
  'too much': 'the server sends more than FTP allows for',
  garbled: 'the reply names no endpoint',
  address: 'the reply names a different host',
  stalled: 'the data stopped on the way',
  altered: 'the file read back differs',
  '-': 'not tried',
} as const;

function table(modes: readonly ModeDiagnosis[], style: Style): string {
  const { dim, green, red } = colorsOf(style);
  const rows = new Table({
    chars: noLines,
    style: { 'padding-left': 2, 'padding-right': 0, compact: true, border: [], head: [] },
  });
  rows.push(['', ...stepNames.map((name) => dim(titles[name]))]);
  for (const { steps, ...own } of modes)
    rows.push([
      wayOf(own),
      ...steps.map((step) => {
        const word = wordOf(step);
        if (step.outcome === 'skipped') return dim(word);
        return step.outcome === 'ok' ? green(word) : red(word);
      }),
    ]);
  return withoutTrailingBlanks(rows.toString());
}

function legend({ modes, server }: Diagnosis, style: Style): string {
  const used = new Set(modes.flatMap(({ steps }) => steps.map(wordOf)));
  const entries = Object.entries(meanings)
    .filter(([word]) => used.has(word))
    .map(([word, meaning]) =>
      word === noAnswer ? `${word}: ${meaning} within ${server.patienceMs / 1000} s` : `${word}: ${meaning}`,
    );
  if ([...used].some((word) => /^\d+$/.test(word))) entries.push("a number: the server's reply");
  return entries.length === 0 ? '' : colorsOf(style).dim(wrap(`  ${entries.join('; ')}`, style.width, '  '));
}

function modeText(diagnosis: ModeDiagnosis, server: string, style: Style): string {
  const { steps, verdict, known, open, shownBy, evidence } = diagnosis;
  const mode = wayOf(diagnosis);
  const { bold } = colorsOf(style);
  const [head = '', ...rest] = wrap(`${mode}: ${known}`, style.width, '  ').split('\n');
  const lines = [[head.replace(mode, bold(mode)), ...rest].join('\n')];
  if (open !== '') lines.push(wrap(`  Not known: ${open}`, style.width, '    '));
  if (verdict.uploaded) return lines.join('\n');
  lines.push(wrap(`  ${causeText(diagnosis)}`, style.width, '    '));
  const shown = steps.find(({ name }) => name === shownBy);
  if (verdict.left)
    lines.push(wrap(`  The upload left on ${server}: ${leftInWords(verdict.left)}.`, style.width, '    '));
  if (shown?.connection) lines.push(`  At ${timeOf(evidence, shown)}.`);
  lines.push(...ladderText(diagnosis, server, style));
  return lines.join('\n');
}

function causeText({ verdict, possible }: ModeDiagnosis): string {
  if (verdict.cause !== 'inconclusive') return `Cause: ${verdict.cause}.`;
  return possible.length === 0
    ? 'Cause: unknown to the lab.'
    : `Possible causes, none proven: ${possible.join(', ')}.`;
}

/** When a step tried its connection: the time to look for in a firewall's log. */
function timeOf({ startedAt, connections }: Evidence, { name, at }: ObservedStep): string {
  const ms = connections.findLast(({ step }) => step === name)?.ms ?? at;
  return new Date(Date.parse(startedAt) + ms).toISOString().replace('T', ' ').replace('Z', ' UTC');
}

/** The ladder of the step that shows the failure. */
function ladderText({ steps, shownBy, evidence }: ModeDiagnosis, server: string, style: Style): string[] {
  const ladder = ladderOf({ client: 'this machine', server, steps, evidence }, {});
  const shown = ladder.steps.filter(({ name }) => name === shownBy);
  return ['', drawnLadder({ ...ladder, steps: shown }, style)];
}

function sameText({ scenarios, modes }: Diagnosis, style: Style): string {
  const { bold } = colorsOf(style);
  if (scenarios.length === 0) return wrap('No scenario of the lab fails this way.', style.width);
  const title = `The lab's scenarios that fail the same way in ${modes.map(wayOf).join(', ')}:`;
  return [bold(wrap(title, style.width)), ...scenarios.map((same) => scenarioText(same, style))].join('\n');
}

function scenarioText({ scenario, question, cases, silentOn }: SameSignature, style: Style): string {
  const [first] = cases;
  const more = cases.length === 1 ? '' : ` and ${cases.length - 1} more`;
  const where = first
    ? ` (${called(first.client, style.names)} to ${called(first.server, style.names)}${more})`
    : '';
  const silent = silentOn.length === 0 ? '' : ` The scenario does not cover ${silentOn.join(', ')}.`;
  return wrap(`  ${scenario}${where}: ${question}${silent}`, style.width, '    ');
}

function apartText(apart: readonly Telling[], style: Style): string {
  if (apart.length === 0) return '';
  const { bold } = colorsOf(style);
  return [
    bold('What tells them apart:'),
    ...apart.flatMap(({ look, modes, shows }) => [
      wrap(`  ${look}${modes.length > 0 ? ` over ${modes.join(', ')}` : ''}`, style.width, '    '),
      ...shows.map(({ scenarios, what }) =>
        wrap(`    ${what}: ${scenarios.join(', ')}`, style.width, '      '),
      ),
    ]),
  ].join('\n');
}

/** What the server's own machine can tell, and no client. */
function otherEnd({ modes }: Diagnosis, style: Style): string {
  if (modes.every(({ verdict }) => verdict.uploaded)) return '';
  return wrap(
    'If the server is yours: "ftplab diagnose --server-side" on its machine looks at its configuration and its own firewall.',
    style.width,
  );
}

function leftText({ left }: Diagnosis, style: Style): string {
  if (left.length === 0) return '';
  const { bold, red } = colorsOf(style);
  return [
    bold(red(wrap('Could not be removed and may still be on the server:', style.width))),
    ...left.map((file) => `  ${file}`),
  ].join('\n');
}
