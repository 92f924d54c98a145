/*
 * A user's own nft tables, in force in place of iptables' tables. The lab's tables, such as the tracer's, stand beside and are not
 * touched.
 */
import { ftpFilterTable } from '../../model/packet.ts';
import type { NftListing } from '../../model/rule-set.ts';
import { idleTimeoutTable } from '../../policy/idle-timeout.ts';
import { labTables, rulesetMarker } from '../../policy/nft/lab-tables.ts';
import { seenSet } from '../tracer/marking.ts';
import { traceTable } from '../tracer/trace-log.ts';
import { run } from './run.ts';

/** What this process has put in force, or found; `null` for nothing, `undefined` before it has looked. */
let known: string | null | undefined;

/** The tables of compiled nft rules in force, whose text names each in a line of its own; `undefined` if others may be. */
let compiled: readonly string[] | undefined;

/** Tables of iptables that stand beside the nft rules in force. */
let beside: readonly string[] = [];

/** The nft rules in force, as `nft -f` input; `null` if iptables' alone are. */
export function nftInForce(): string | null {
  if (known === undefined) {
    const tables = tablesNow();
    const found = tables.includes(rulesetMarker);
    beside = found
      ? [...listed([], rulesetMarker).matchAll(/^\tchain (\S+) \{/gm)].map(([, name = '']) =>
          name.replace('-', ' '),
        )
      : [];
    known = found
      ? usersAmong(tables)
          .map((table) => listed(['-s'], table))
          .join('')
      : null;
  }
  return known;
}

interface PutOptions {
  readonly keep?: readonly string[];
  readonly check?: boolean;
  readonly own?: boolean;
}

/**
 * Puts nft rules in force, all or none, in place of every table that is not the lab's own; `keep`: tables of iptables that stay. Returns
 * '' if that worked, else nft's message, whose lines are those of `text`; `check`: only says whether it would work; `own`: the text is
 * one that the lab compiled.
 */
export function putNft(text: string, { keep = [], check = false, own = false }: PutOptions = {}): string {
  // Listing the tables takes a third as long as putting rules in force.
  const gone = (compiled ?? tablesNow()).filter(
    (table) => !labTables.includes(table) && !keep.includes(table),
  );
  // On the first line, so that nft's messages name the lines of the text.
  const before = [
    ...gone.map((table) => `delete table ${table}`),
    `table ${ftpFilterTable}`,
    `delete table ${ftpFilterTable}`,
    `table ${idleTimeoutTable}`,
    `flush table ${idleTimeoutTable}`,
    `table ${rulesetMarker}`,
    `delete table ${rulesetMarker}`,
    `table ${rulesetMarker}`,
    ...keep.map((table) => `add chain ${rulesetMarker} ${table.replace(' ', '-')}`),
  ];
  const first = `${before.join('; ')}; `;
  const { failed, output } = nft([...(check ? ['-c'] : []), '-f', '-'], first + text);
  if (!failed && !check) {
    [known, beside] = [text, keep];
    compiled = own ? [...text.matchAll(/^table (\S+ \S+) \{$/gm)].map(([, table = '']) => table) : undefined;
  }
  return failed ? withoutOwn(output, first) : '';
}

/** Nft's message, which shows the line in which something is wrong, without what is not the user's of the first line. */
function withoutOwn(message: string, own: string): string {
  const lines = message.split('\n');
  return lines
    .map((line, index) => {
      if (line.startsWith(own)) return line.slice(own.length);
      return lines[index - 1]?.startsWith(own) && /^ *[~^]/.test(line) ? line.slice(own.length) : line;
    })
    .join('\n');
}

/** The tables of iptables, if no nft rules are in force. */
export function tablesOfIptables(): readonly string[] {
  return tablesNow().filter((table) => !labTables.includes(table));
}

/** Those that stand beside the nft rules in force. */
export function besideNft(): readonly string[] {
  return beside;
}

/** Takes the nft rules away; tables of iptables beside them stay. */
export function takeNftAway(): void {
  [known, compiled] = [null, undefined];
  // Adding before deleting makes the delete succeed whether or not the table is there (nft(8), "delete").
  const tables = [...usersAmong(tablesNow()), rulesetMarker];
  const input = tables.map((table) => `table ${table}\ndelete table ${table}\n`).join('');
  const { failed, output } = nft(['-f', '-'], input);
  if (failed) throw new Error(`The former rules could not be taken away: ${output}`);
  beside = [];
}

/** What the kernel has of the rules in force. Table by table: nft 1.0.6 aborts when it lists certain elements of the tracer's sets. */
export function listNft(): NftListing {
  const tables = usersAmong(tablesNow());
  return {
    text: tables.map((table) => listed(['-a', '-s', '-t'], table)).join(''),
    json: tables.flatMap(
      (table) => (JSON.parse(listed(['-j', '-a'], table)) as { nftables: unknown[] }).nftables,
    ),
  };
}

function listed(options: readonly string[], table: string): string {
  const { failed, output } = nft([...options, 'list', 'table', ...table.split(' ')]);
  if (failed) throw new Error(`nft cannot list table ${table}: ${output}`);
  return output;
}

/** Every table, as `family name`. */
function tablesNow(): string[] {
  const { failed, output } = nft(['list', 'tables']);
  if (failed) throw new Error(`nft cannot list its tables: ${output}`);
  return [...output.matchAll(/^table (\S+ \S+)$/gm)].map(([, table]) => table ?? '');
}

/** How often {@link nft} is tried. */
const tries = 5;

/**
 * Runs nft. Version 1.0.6 reads every set in force, and aborts at sequence numbers in one of the tracer's: these are of packets that no
 * attempt waits for, and are forgotten first.
 */
function nft(args: readonly string[], input = ''): ReturnType<typeof run> {
  let result = run('nft', args, input);
  for (let tried = 1; tried < tries && result.failed && result.output.includes('Assertion'); tried++) {
    for (const ip of ['ip', 'ip6']) run('nft', ['flush', 'set', ip, traceTable, seenSet]);
    result = run('nft', args, input);
  }
  return result;
}

function usersAmong(tables: readonly string[]): string[] {
  return tables.filter((table) => !labTables.includes(table) && !beside.includes(table));
}
