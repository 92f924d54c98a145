/*
 * Where a new rule goes: beside the rule of the file that let the control connection pass, if the refused packet comes by
 * there, else in front of the rule that refused it, in the chain that decides about such packets.
 */
import type { ConnectionPacket } from '../../model/evidence.ts';
import type { RuleMet } from '../../model/packet.ts';
import { does, isOfIptables } from '../../model/rule-text.ts';
import { wayToDecision } from '../rule-lines.ts';
import type { Ground, GroundRule, Place } from './repair.ts';

/** Whether connection tracking leaves the packet alone (iptables-extensions(8), CT and NOTRACK; nft(8), "NOTRACK STATEMENT"). */
export function isUntracked({ met }: Pick<ConnectionPacket, 'met'>): boolean {
  return met.some(({ table, rule }) => {
    if (rule === null) return false;
    return isOfIptables(rule)
      ? table === 'raw' && /--notrack\b|-j NOTRACK\b/.test(rule)
      : does('tracking', rule) && /\bnotrack\b/.test(rule);
  });
}

/**
 * The place for a rule that lets a refused packet pass; `passed` is a packet of the control connection that went the same way
 * and was let through. `undefined` if the file does not have the rule that refused.
 */
export function placeFor(
  refused: ConnectionPacket,
  passed: ConnectionPacket | undefined,
  ground: Ground,
): { readonly place: Place; readonly isTracked: boolean } | undefined {
  const { decision } = refused;
  if (!decision || !ground.tables.includes(decision.table)) return undefined;
  const way = wayToDecision(refused.met, decision);
  const isTracked = ground.isTracked(decision.table, way[0]?.chain ?? decision.chain);
  const beside = passed && isTracked ? besideAccept(refused, way, passed, ground) : undefined;
  const place = beside ?? inFront(decision.table, way, decision.chain, ground);
  return place && { place, isTracked };
}

/** Behind the rule that let `passed` through, if the refused packet came by that place before it was refused. */
function besideAccept(
  { met, decision: refusal }: ConnectionPacket,
  way: readonly RuleMet[],
  passed: ConnectionPacket,
  { find }: Ground,
): Place | undefined {
  const { decision } = passed;
  if (decision?.action !== 'accept' || decision.table !== refusal?.table) return undefined;
  // A chain that does nothing but accept is for all its callers.
  const accept = wayToDecision(passed.met, decision)
    .map(({ table, chain, rule }) => (rule === null ? undefined : find({ table, chain, rule })))
    .findLast((rule) => rule && !rule.matchesAll);
  if (!accept) return undefined;
  const { chain, order } = accept;
  const stop = way.find((rule) => rule.chain === chain);
  const stopOrder = stop && (stop.rule === null ? Number.POSITIVE_INFINITY : ruleAt(stop, find)?.order);
  const cameThrough = met.some(
    ({ table, verdict }) =>
      table === decision.table && (verdict === `jump ${chain}` || verdict === `goto ${chain}`),
  );
  const cameBy = stop ? stopOrder !== undefined && stopOrder > order : cameThrough;
  return cameBy ? { at: 'behind', rule: accept } : undefined;
}

/** In front of the rule that refused, and of those that log first; in the deepest chain of the way that lets anything pass. */
function inFront(
  table: string,
  way: readonly RuleMet[],
  decisive: string,
  { rules, find }: Ground,
): Place | undefined {
  const own = rules.filter((rule) => rule.table === table);
  const step = way.findLast(({ chain }, index) => index === 0 || accepts(own, chain));
  const chain = step?.chain ?? decisive;
  const refusing = step?.rule ? ruleAt(step, find) : undefined;
  if (step?.rule && !refusing) return undefined;
  // A packet that passes is not to be logged as one that was refused.
  const before = own.filter((rule) => rule.chain === chain && rule.order < (refusing?.order ?? Infinity));
  const kept = before.findLast(({ logs }) => !logs);
  const [first = refusing] = before.filter(({ order }) => order > (kept?.order ?? -1));
  return first ? { at: 'before', rule: first } : { at: 'end', table, chain };
}

function ruleAt({ table, chain, rule }: RuleMet, find: Ground['find']): GroundRule | undefined {
  return rule === null ? undefined : find({ table, chain, rule });
}

/** Whether a chain, or one that it sends packets to, has a rule that accepts. */
function accepts(rules: readonly GroundRule[], entrance: string): boolean {
  const reached = new Set([entrance]);
  // A set may grow while it is walked.
  for (const chain of reached)
    for (const rule of rules)
      if (rule.chain === chain) for (const target of rule.targets) reached.add(target);
  return rules.some((rule) => reached.has(rule.chain) && rule.accepts);
}
