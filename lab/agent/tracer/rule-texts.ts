import { type ofIp6tables, tableName } from '../../policy/nft/table-name.ts';
/**
 * The text of every rule in force by its handle: for iptables' tables as `iptables-save` prints it, since that is what
 * the rule's author wrote; for others as nft does. Both list the rules of a chain in the same order.
 *
 * @param iptables output of `iptables-save`, or of `ip6tables-save`
 * @param nft output of `nft -a list ruleset`
 * @param family what the names of the former's tables begin with in traces
 */
export function ruleTexts(
  iptables: string,
  nft: string,
  family: '' | typeof ofIp6tables = '',
): Map<string, string> {
  const written = iptablesRules(iptables, family);
  const texts = new Map<string, string>();
  let table = '';
  let chain = '';
  let position = 0;
  for (const line of nft.split('\n')) {
    const [, family, name] = /^table (\S+) (\S+) \{/.exec(line) ?? [];
    if (name) table = tableName(family ?? '', name);
    const [, chainName] = /^\tchain (\S+) \{/.exec(line) ?? [];
    if (chainName) {
      chain = chainName;
      position = 0;
    }
    const [, text, handle] = /^\t\t(.*?)\s*# handle (\d+)$/.exec(line) ?? [];
    if (handle === undefined || text === undefined) continue;
    texts.set(ruleKey(table, chain, Number(handle)), written.get(`${table} ${chain}`)?.[position++] ?? text);
  }
  return texts;
}

export function ruleKey(table: string, chain: string, handle: number): string {
  return `${table} ${chain} ${handle}`;
}

/** Rules by `table chain`, in order. */
function iptablesRules(text: string, family: string): Map<string, string[]> {
  const rules = new Map<string, string[]>();
  let table = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = family + line.slice(1);
    const [, chain] = /^-A (\S+)/.exec(line) ?? [];
    if (!chain) continue;
    const key = `${table} ${chain}`;
    const known = rules.get(key);
    if (known) known.push(line);
    else rules.set(key, [line]);
  }
  return rules;
}
