/*
 * Where a new rule goes: beside the rule of the file that let the control connection pass, if the refused packet comes by
 * there, else in front of the rule that refused it, in the chain that decides about such packets.
 */
import type { ConnectionPacket } from '../../model/evidence.ts';
import type { RuleMet } from '../../model/packet.ts';
import type { SavedRule, SavedTable } from '../iptables-save.ts';
import { type TableName, tableNames, targetOf } from '../iptables-syntax.ts';
import { wayToDecision } from '../rule-lines.ts';
import { matchesAll, reachedFrom } from '../upload-path.ts';
import type { AddedRule } from './edit-rules.ts';

/** A place for a new rule. */
export type Place = Pick<AddedRule, 'table' | 'chain' | 'before'>;

/** A file's rules, and which of them a rule in force comes from. */
export interface Ground {
  readonly tables: readonly SavedTable[];
  readonly find: (rule: { table: string; chain: string; rule: string }) => SavedRule | undefined;
}

/** Whether connection tracking leaves the packet alone (iptables-extensions(8), CT and NOTRACK). */
export function isUntracked({ met }: Pick<ConnectionPacket, 'met'>): boolean {
  return met.some(({ table, rule }) => table === 'raw' && /--notrack\b|-j NOTRACK\b/.test(rule ?? ''));
}

/**
 * The place for a rule that lets a refused packet pass; `passed` is a packet of the control connection that went the same way
 * and was let through. `undefined` if the file does not have the rule that refused.
 */
export function placeFor(
  refused: ConnectionPacket,
  passed: ConnectionPacket | undefined,
  ground: Ground,
): Place | undefined {
  const table = tableNames.find((name) => name === refused.decision?.table);
  if (!refused.decision || !table) return undefined;
  const way = wayToDecision(refused.met, refused.decision);
  const beside = passed && table === 'filter' ? besideAccept(refused, way, passed, ground) : undefined;
  return beside ?? inFront(table, way, refused.decision.chain, ground);
}

/** Behind the rule that let `passed` through, if the refused packet came by that place before it was refused. */
function besideAccept(
  { met }: ConnectionPacket,
  way: readonly RuleMet[],
  passed: ConnectionPacket,
  { find }: Ground,
): Place | undefined {
  const { decision } = passed;
  if (decision?.action !== 'accept' || decision.table !== 'filter') return undefined;
  // A chain that does nothing but accept is for all its callers.
  const accept = wayToDecision(passed.met, decision)
    .map(({ table, chain, rule }) => (rule === null ? undefined : find({ table, chain, rule })))
    .findLast((rule) => rule && !matchesAll(rule.options));
  if (!accept) return undefined;
  const { chain, line } = accept;
  const stop = way.find((rule) => rule.chain === chain);
  const stopLine = stop && (stop.rule === null ? Number.POSITIVE_INFINITY : lineOf(stop, find));
  const cameThrough = met.some(
    ({ table, verdict }) =>
      table === 'filter' && (verdict === `jump ${chain}` || verdict === `goto ${chain}`),
  );
  const cameBy = stop ? stopLine !== undefined && stopLine > line : cameThrough;
  return cameBy ? { table: 'filter', chain, before: line + 1 } : undefined;
}

/** In front of the rule that refused, and of those that log first; in the deepest chain of the way that lets anything pass. */
function inFront(
  table: TableName,
  way: readonly RuleMet[],
  decisive: string,
  { tables, find }: Ground,
): Place | undefined {
  const own = tables.find(({ name }) => name === table);
  const step = way.findLast(({ chain }, index) => index === 0 || (own && accepts(own, chain)));
  const chain = step?.chain ?? decisive;
  const rule = step?.rule ?? null;
  const line = step && rule !== null ? lineOf(step, find) : endOf(own, chain);
  if (line === undefined) return rule === null ? { table, chain, before: null } : undefined;
  return { table, chain, before: inFrontOfLogs(own, chain, line) };
}

function lineOf({ table, chain, rule }: RuleMet, find: Ground['find']): number | undefined {
  return rule === null ? undefined : find({ table, chain, rule })?.line;
}

function endOf(table: SavedTable | undefined, chain: string): number | undefined {
  const last = table?.rules.findLast((rule) => rule.chain === chain)?.line;
  return last === undefined ? undefined : last + 1;
}

/** A packet that passes is not to be logged as one that was refused. */
function inFrontOfLogs(table: SavedTable | undefined, chain: string, line: number): number {
  const before = table?.rules.filter((rule) => rule.chain === chain && rule.line < line) ?? [];
  const kept = before.findLast(({ options }) => !/^(?:LOG|NFLOG|ULOG)$/.test(targetOf(options) ?? ''));
  const [first] = before.filter((rule) => rule.line > (kept?.line ?? 0));
  return first?.line ?? line;
}

/** Whether a chain, or one that it jumps to, has a rule that accepts. */
function accepts(table: SavedTable, entrance: string): boolean {
  const reached = reachedFrom(table, [entrance]);
  return table.rules.some(({ chain, options }) => reached.has(chain) && targetOf(options) === 'ACCEPT');
}
