/*
 * Whether a packet that nft rules dropped may pass when it is sent again, as time, count or chance decide, or as a connection has been
 * marked or an expectation used up meanwhile.
 */
import { longestOf } from '../time-or-chance.ts';
import { askedBy, canDecide, under } from './asked.ts';
import type { Json, NftRule, NftRuleset } from './listing.ts';
import { isPortOfUploads } from './met.ts';

/** What {@link sensesOf} tells of rules that uploads meet. */
export interface Senses {
  /** Rules after which a dropped packet may pass a little later, and for how long to wait for that, in milliseconds. */
  readonly mayPassLater: boolean;
  readonly passesWithin: number;
  /** Whether rules decide about one connection by what others did. */
  readonly remembersOthers: boolean;
  /** Whether rules mark connections, and others ask for the mark. */
  readonly marks: boolean;
  /** Whether a data connection that a helper expected may be dropped, and pass as a new one. */
  readonly tellsExpectedFromNew: boolean;
}

const seconds: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/** What changes between two copies of a packet, in one rule: the waits that it may need, in milliseconds. */
function waitsOf(rule: NftRule, { sets }: NftRuleset): number[] {
  const { statements, table } = rule;
  const named = (name: string) => under(statements, name);
  const limits = named('limit').map((limit) => {
    const { rate, per, rate_unit: unit } = (typeof limit === 'object' ? limit : {}) as Record<string, Json>;
    return unit === undefined && rate ? ((seconds[`${per}`] ?? 1) * 1000) / Number(rate) : 0;
  });
  const chances = named('numgen').map(
    (turn) => Math.min(Number((turn as { mod: number }).mod) - 1, 4) * 1000,
  );
  const changing = sets.filter(
    (set) =>
      set.table === table &&
      (set.flags.includes('dynamic') || set.flags.includes('timeout')) &&
      JSON.stringify(statements).includes(`"@${set.name}"`),
  );
  const counted = [...named('ct count'), ...named('quota'), ...named('last')].map(() => 0);
  const random = named('meta').filter((one) => ['random', 'cpu'].includes(`${(one as { key: Json }).key}`));
  return [
    ...limits,
    ...chances,
    ...counted,
    ...random.map(() => 0),
    ...changing.map(({ timeout }) => timeout),
  ];
}

/** `met`: rules that uploads can meet. */
export function sensesOf(met: ReadonlySet<NftRule>, ruleset: NftRuleset): Senses {
  const rules = [...met];
  const waits = rules.filter(canDecide).flatMap((rule) => waitsOf(rule, ruleset));
  const asksMark = rules.some((rule) =>
    under(rule.statements, 'ct').some((ct) => (ct as { key: Json }).key === 'mark'),
  );
  const marks = rules.some((rule) =>
    under(rule.statements, 'mangle').some((one) =>
      under((one as { key: Json }).key, 'ct').some((ct) => (ct as { key: Json }).key === 'mark'),
    ),
  );
  const helped = rules.some(({ statements }) => statements.some((statement) => 'ct helper' in statement));
  return {
    mayPassLater: waits.length > 0,
    passesWithin: longestOf(waits),
    remembersOthers: waits.length > 0,
    marks: marks && asksMark,
    tellsExpectedFromNew: helped && rules.some((rule) => tellsApart(rule, ruleset)),
  };
}

/** Whether a rule stops expected connections alone, or lets new ones pass alone that may be data connections. */
function tellsApart(rule: NftRule, ruleset: NftRuleset): boolean {
  const asked = askedBy(rule, ruleset);
  const states = asked.find(({ of }) => of === 'ct state');
  const has = (state: string) => (states?.answers ?? []).flat().includes(state);
  const [related, fresh] = [has('related') !== states?.denied, has('new') !== states?.denied];
  if (!states || (!states.mapped && related === fresh)) return false;
  const ports = asked
    .filter(({ of }) => /^(?:tcp|th) dport$/.test(of))
    .flatMap(({ answers = [] }) => answers);
  const high =
    ports.length === 0 || ports.some((port) => isPortOfUploads(port) && port !== 21 && port !== 20);
  const does = (...names: string[]) => names.some((name) => under(rule.statements, name).length > 0);
  if (states.mapped) return mappedApart(rule);
  return related ? does('drop', 'reject', 'jump', 'goto') : high && does('accept', 'jump', 'goto', 'vmap');
}

/** Whether `ct state vmap` stops what is related, or lets pass what is new. */
function mappedApart({ statements }: NftRule): boolean {
  const pairs = under(statements, 'set').flat().filter(Array.isArray) as [Json, Record<string, Json>][];
  return pairs.some(
    ([state, verdict]) =>
      (state === 'related' && !('accept' in verdict)) || (state === 'new' && !('drop' in verdict)),
  );
}
