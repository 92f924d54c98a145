/* What nft rules ask of a packet, and what they do with it, in the terms of libnftables-json(5). */
import type { Json, NftRule, NftRuleset } from './listing.ts';

type Fields = Readonly<Record<string, Json>>;

/** Every value that has this name, however deep. */
export function under(value: Json, name: string): Json[] {
  if (Array.isArray(value)) return value.flatMap((one) => under(one, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, own]) => [...(key === name ? [own] : []), ...under(own, name)]);
}

/** A question of a rule: `ip saddr`, `meta iifname`, `ct state`, and which answers are asked for. */
export interface Asked {
  readonly of: string;
  /** Whether other answers are asked for. */
  readonly denied: boolean;
  /** Whether an answer decides what becomes of the packet, so that others need not leave the rule (`vmap`, `map`). */
  readonly mapped: boolean;
  /** Names, numbers, or objects such as `{"prefix": ...}`; `undefined` if they cannot be listed. */
  readonly answers: readonly Json[] | undefined;
}

/** What a rule asks, in its order. */
export function askedBy({ table, statements }: NftRule, ruleset: NftRuleset): Asked[] {
  const elementsOf = (data: Json) => elements(data, table, ruleset);
  return statements.flatMap((statement) => {
    const match = statement.match as { op: string; left: Json; right: Json } | undefined;
    if (match) return each(match.left, elementsOf(match.right), match.op === '!=', false);
    const maps = [...under(statement, 'vmap'), ...under(statement, 'map')] as { key: Json; data: Json }[];
    return maps.flatMap(({ key, data }) =>
      each(
        key,
        elementsOf(data)?.map((element) => (Array.isArray(element) ? element[0] : element)),
        false,
        true,
      ),
    );
  });
}

/** A question for each part of a concatenation. */
function each(left: Json, answers: readonly Json[] | undefined, denied: boolean, mapped: boolean): Asked[] {
  const parts = (left as Fields | null)?.concat as Json[] | undefined;
  if (!parts) return [{ of: nameOf(left), denied, mapped, answers: answers?.map(plain) }];
  return parts.map((part, index) => ({
    of: nameOf(part),
    denied,
    mapped,
    answers: answers?.map((answer) => {
      const value = plain(answer) as Fields | string;
      return typeof value === 'object' ? plain((value.concat as Json[] | undefined)?.[index]) : value;
    }),
  }));
}

/** An element of a set without its comment, timeout or counter. */
function plain(element: Json): Json {
  const own = (element as { elem?: { val: Json } } | null)?.elem;
  return own ? own.val : element;
}

/** What a set, a list or one value holds. */
function elements(data: Json, table: string, { sets }: NftRuleset): readonly Json[] | undefined {
  if (typeof data === 'string' && data.startsWith('@'))
    return sets.find((set) => set.table === table && set.name === data.slice(1))?.elements;
  const listed = (data as Fields | null)?.set ?? data;
  return Array.isArray(listed) ? listed : [listed];
}

/** `ip saddr`, `meta mark`, `ct state`; '' for what has no name here. */
function nameOf(left: Json): string {
  const { payload, meta, ct, '&': masked } = (left ?? {}) as Record<string, Fields | Json[]>;
  if (Array.isArray(masked)) return nameOf(masked[0]);
  const of = (what: Fields | Json[] | undefined) => what as Fields | undefined;
  if (of(payload)?.protocol) return `${of(payload)?.protocol} ${of(payload)?.field}`;
  if (meta) return `meta ${of(meta)?.key}`;
  return ct ? `ct ${of(ct)?.key}` : '';
}

/** Chains that a rule may send a packet to. */
export function targetsOf({ table, statements }: NftRule, { sets }: NftRuleset): string[] {
  const maps = sets.filter(
    (set) => set.table === table && under(statements, 'data').includes(`@${set.name}`),
  );
  const all = [statements, maps.map((map) => map.elements)];
  return [...under(all, 'jump'), ...under(all, 'goto')].map((to) => `${(to as Fields).target}`);
}

/** Statements after which a packet's way through the chain may end. */
const deciding = [
  'accept',
  'drop',
  'reject',
  'jump',
  'goto',
  'return',
  'vmap',
  'queue',
  'dnat',
  'snat',
  'redirect',
  'masquerade',
  'tproxy',
];

/** Whether a rule can decide, and not only count, log or mark. */
export function canDecide({ statements }: NftRule): boolean {
  return statements.some((statement) => deciding.some((name) => name in statement));
}
