/* Rules of iptables and nft tables on one machine: `nft list ruleset` prints both (iptables-nft(8)). */
import { LabError } from '../../errors.ts';
import { builtInChains, isBuiltIn, type TableName, usualTables } from '../iptables-syntax.ts';
import { type Block, layoutOf } from './statements.ts';

/**
 * What `nft list ruleset` printed without the tables of iptables, which iptables-save prints too; lines stay. Throws LabError
 * `table-of-both` if another table has the name of one of iptables': on one machine they cannot stand beside each other.
 */
export function withoutIptablesTables(text: string): {
  readonly text: string;
  readonly left: readonly string[];
} {
  const { blocks, declarations } = layoutOf(text);
  const tables = blocks.filter(({ kind }) => kind === 'table');
  const chainsOf = ({ name }: Block) =>
    declarations.flatMap(({ chain = '' }) =>
      chain.startsWith(`${name} `) ? [chain.slice(name.length + 1)] : [],
    );
  const isOfIptables = (block: Block) => {
    const [family = '', name = ''] = block.name.split(' ');
    return (
      /^ip6?$/.test(family) &&
      name in builtInChains &&
      chainsOf(block).every((chain) => isBuiltIn(name, chain))
    );
  };
  const left = tables.filter(isOfIptables);
  const clash = tables.find(
    (block) =>
      !left.includes(block) && usualTables.some((name) => block.name === `ip ${name satisfies TableName}`),
  );
  if (clash)
    throw new LabError(
      'usage',
      'table-of-both',
      `Table ${clash.name} of nft has the name of one of iptables', and its chains are not iptables'`,
      'On one machine only one of them can stand: save both there.',
    );
  let [kept, at] = ['', 0];
  for (const { start, end } of left) {
    kept += text.slice(at, start) + text.slice(start, end + 1).replaceAll(/[^\n]/g, ' ');
    at = end + 1;
  }
  return { text: kept + text.slice(at), left: left.map(({ name }) => name) };
}
