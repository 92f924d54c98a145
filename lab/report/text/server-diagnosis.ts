import { list } from '../../list.ts';
import { type TransferMode, transferModes } from '../../model/attempt.ts';
import type { ServerDiagnosis, ServerFinding } from '../../model/result/server-diagnosis.ts';
import { outcomeIn } from '../../verdict/server-side/server-diagnosis.ts';
import { rangeText } from '../../verdict/server-side/words.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

const titles: Record<ServerFinding['outcome'], string> = {
  breaks: 'BREAKS',
  unknown: 'NOT KNOWN',
  some: 'SOME CLIENTS',
  note: 'NOTE',
};

/** What was found on a server's machine or in its files, what is all right, and what was not looked at. */
export function serverDiagnosisText(diagnosis: ServerDiagnosis, style: Style): string {
  const { bold } = colorsOf(style);
  const { findings, fine, unseen } = diagnosis;
  const items = (title: string, texts: readonly string[]) =>
    texts.length === 0
      ? []
      : [[bold(title), ...texts.map((text) => wrap(`  - ${text}`, style.width, '    '))].join('\n')];
  return [
    bold(wrap(heading(diagnosis), style.width, '  ')),
    ...findings.map((finding) => findingText(finding, style)),
    ...items('Looked at, and not in the way:', fine),
    ...items('Not looked at:', unseen),
  ].join('\n\n');
}

function heading({ server, machine, findings }: ServerDiagnosis): string {
  const range = server?.range ? `, passive ports ${rangeText(server.range)}` : '';
  const subject = server
    ? `${server.daemon}, ${server.config}, TCP port ${server.port}${range}`
    : 'An FTP server without its configuration';
  const where = machine ? 'on this machine' : 'in these files';
  const modes = (outcome: ReturnType<typeof outcomeIn>) =>
    transferModes.filter((mode) => outcomeIn(mode, findings) === outcome);
  const says = (what: string, own: readonly TransferMode[]) =>
    own.length > 0 ? [`${what} ${over(own)}`] : [];
  const told = [
    ...says('breaks uploads', modes('breaks')),
    ...says('may break uploads', modes('unknown')),
    ...says("breaks some clients' uploads", modes('some')),
  ];
  return told.length === 0
    ? `${subject}: nothing that was looked at ${where} breaks uploads.`
    : `${subject}: what was found ${where} ${list(told)}.`;
}

function over(modes: readonly TransferMode[]): string {
  return modes.length === transferModes.length ? 'over every mode' : `over ${list(modes)}`;
}

function findingText(
  { outcome, modes, found, where, why, change, like, cured }: ServerFinding,
  style: Style,
): string {
  const { bold, red, yellow, dim } = colorsOf(style);
  const paint = outcome === 'breaks' ? red : outcome === 'note' ? dim : yellow;
  const title = `${titles[outcome]} ${modes.length === transferModes.length ? 'every mode' : modes.join(', ')}:`;
  const [first = '', ...rest] = wrap(`${title} ${found}`, style.width, '  ').split('\n');
  const line = (name: string, text: string) =>
    text === '' ? [] : [wrap(`  ${name}: ${text}`, style.width, '    ')];
  return [
    first.replace(title, bold(paint(title))),
    ...rest,
    ...where.map((each) => wrap(`  at ${each}`, style.width, '    ')),
    ...line('Why', why),
    ...line('To do', change),
    ...line('Like', like.map(runOf).join('; ')),
    ...line('Cured', cured.map(runOf).join('; ')),
  ].join('\n');
}

function runOf(scenario: string): string {
  return `ftplab run ${scenario}`;
}
