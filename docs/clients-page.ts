import { groupBy } from '../lab/group-by.ts';
import type { DriverName, ProgramOutput, TransferMode } from '../lab/model/attempt.ts';
import type { CellResult } from '../lab/model/cell.ts';

/** One upload of a small file by one program that waited for as long as it does by itself. */
export interface PatientUpload {
  readonly driver: DriverName;
  readonly mode: TransferMode;
  readonly ruleSet: string;
  readonly uploaded: boolean;
  readonly seconds: number;
  /** What ended the step: the server's reply, the program's message, or the lab's reason. */
  readonly reply: string;
  /** `null` if a library made it. */
  readonly program: ProgramOutput | null;
}

export interface ClientsPage {
  /** Name and version of each package. */
  readonly packages: readonly string[];
  /** Cells of the client programs, from the scenarios that have them. */
  readonly cells: readonly CellResult[];
  readonly patient: readonly PatientUpload[];
  /** The client's `net.ipv4.tcp_syn_retries` (tcp(7)). */
  readonly synRetries: number;
}

/** What each program does by itself, by its manual or its source. */
const habits: Partial<Record<DriverName, string>> = {
  'basic-ftp':
    'A library for Node.js. Passive only: EPSV, then PASV, each with its full timeout (30 s by default). The lab fixes one of the two, and adds active mode.',
  curl: 'Passive: EPSV, and PASV if EPSV or its connection fails. Active (`--ftp-port -`): EPRT, then PORT if EPRT is refused. Connects to the address of the control connection, whatever 227 says. Its message names port 21 even if the data connection failed.',
  lftp: 'PASV; active with `set ftp:passive-mode no`. Asks for TLS by itself (`AUTH TLS`) and goes on without it if that is refused. It retries for ever and prints nothing meanwhile; the lab ends it when it begins its second try.',
  tnftp:
    'The classic `ftp`. Passive by EPSV, then active by EPRT if the passive connection fails; `-A` begins with active. Connects to the address in 227. Its exit status is 0 even if the upload fails.',
  ftplib:
    "Python's own library, as in a script of a few lines. PASV, or PORT after `set_pasv(False)`; no fall-back and no timeout. Ignores the address in 227. Does not resume TLS sessions, so servers that require it refuse its data connections.",
};

/** `docs/clients.md`. */
export function clientsPage({ packages, cells, patient, synRetries }: ClientsPage): string {
  const ruleSets = [...new Set(cells.map(({ ruleSet }) => ruleSet))];
  const rows = [...groupBy(cells, ({ driver, mode }) => `${driver}, ${mode}`)].map(([name, own]) =>
    row([name, ...ruleSets.map((ruleSet) => outcome(own.find((cell) => cell.ruleSet === ruleSet)))]),
  );
  return `${[
    '# Client programs',
    'Written by `npm run docs:clients` from a run of the lab: what real FTP clients do under each rule set, and what they tell their users. The client is `y-workstation`, the server `vsftpd`.',
    `Programs of Debian 12: ${packages.join(', ')}.`,
    '## Which of them upload',
    'Each in the transfer mode that it chooses by itself, and in the one that it uses if told to be active. `npx ftplab run --driver all` tries the rest.',
    [
      row(['client, mode', ...ruleSets.map((name) => `\`${name}\``)]),
      row(ruleSets.map(() => '---').concat('---')),
      ...rows,
    ].join('\n'),
    '## What they print',
    `An upload of 1 KiB: standard output and standard error as they came, without the log lines that the lab asked for. The lab did not cut their waits short, so the times are what a user waits, with the kernel's own limit for connection attempts (\`net.ipv4.tcp_syn_retries\` ${synRetries}). Under \`ftp-filter-read-only\` the reply 500 is the lab's; ISA's own reply is not known.`,
    ...[...groupBy(patient, ({ driver }) => driver)].flatMap(([driver, own]) => [
      `### ${driver}`,
      habits[driver] ?? '',
      ...own.flatMap(quoted),
    ]),
  ].join('\n\n')}\n`;
}

function quoted({ ruleSet, mode, seconds, uploaded, reply, program }: PatientUpload): string[] {
  const ended = uploaded ? 'uploaded' : `failed ${waiting(seconds)}`;
  const status = program && !program.cutShort ? `, exit status ${program.status}` : '';
  const heading = `**${ruleSet}**, ${mode}: ${ended}${status}.`;
  if (!program) return [heading, fenced(reply)];
  const silent = program.printed === '';
  if (program.cutShort)
    return [
      `**${ruleSet}**, ${mode}: ended by the lab ${waiting(seconds)} (${reply}).${silent ? ' Until then it printed nothing.' : ' Until then it had printed:'}`,
      ...(silent ? [] : [fenced(program.printed)]),
    ];
  return [heading, silent ? 'It printed nothing.' : fenced(program.printed)];
}

function outcome(cell: CellResult | undefined): string {
  if (!cell) return '';
  return cell.verdict.uploaded ? '**uploads**' : cell.verdict.cause;
}

/** A few seconds are not a wait: they depend on the machine. */
function waiting(seconds: number): string {
  if (seconds < 10) return 'without waiting';
  const minutes = Math.floor(seconds / 60);
  return `after ${minutes > 0 ? `${minutes} min ` : ''}${Math.floor(seconds % 60)} s`;
}

function fenced(text: string): string {
  return `\`\`\`\n${text.trimEnd()}\n\`\`\``;
}

function row(entries: readonly string[]): string {
  return `| ${entries.join(' | ')} |`;
}
