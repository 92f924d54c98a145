/*
 * What an ISA rule set compiles to, in nft's words: rule by rule what iptables' rules say, in one transaction for both versions of IP.
 * It knows the words that the compiler uses, and no others.
 */
import type { FirewallRules } from '../../model/rule-set.ts';
import { readTables, type SavedRule, type SavedTable } from '../iptables-save.ts';

/** Where the rules of iptables' chains go: the helper stands behind connection tracking, where nft attaches it (nft(8), "CT HELPER"). */
const chains: Readonly<Record<string, { readonly name: string; readonly base: string }>> = {
  'raw PREROUTING': { name: 'helpers', base: 'type filter hook prerouting priority mangle' },
  'nat PREROUTING': { name: 'destinations', base: 'type nat hook prerouting priority dstnat' },
  'nat POSTROUTING': { name: 'sources', base: 'type nat hook postrouting priority srcnat' },
  'filter INPUT': { name: 'input', base: 'type filter hook input priority filter' },
  'filter FORWARD': { name: 'forward', base: 'type filter hook forward priority filter' },
  'filter OUTPUT': { name: 'output', base: 'type filter hook output priority filter' },
};

/** A firewall's compiled rules for nft alone. */
export function compiledForNft({ iptables, iptables6 = '', nft }: FirewallRules): FirewallRules {
  const tables = [
    tableOf('ip', iptables),
    ...(/\S/.test(iptables6) ? [tableOf('ip6', iptables6)] : []),
    ...(nft === null ? [] : [nft]),
  ];
  return { iptables: '', nft: null, ruleset: tables.join('') };
}

function tableOf(family: 'ip' | 'ip6', text: string): string {
  const tables = readTables(text);
  const helped = tables.some(({ name, rules }) => name === 'raw' && rules.length > 0);
  return [
    `table ${family} isa {`,
    ...(helped ? ['  ct helper ftp {', '    type "ftp" protocol tcp;', '  }'] : []),
    ...tables.flatMap((table) => chainsOf(table, family)),
    '}',
    '',
  ].join('\n');
}

function chainsOf({ name, rules, policies }: SavedTable, family: 'ip' | 'ip6'): string[] {
  const named = [...new Set([...policies.keys(), ...rules.map(({ chain }) => chain)])];
  return named.flatMap((chain) => {
    const own = chains[`${name} ${chain}`];
    if (!own) throw new Error(`The compiler has no chain ${chain} of table ${name}`);
    const policy = policies.get(chain)?.policy.toLowerCase() ?? 'accept';
    return [
      `  chain ${own.name} {`,
      `    ${own.base}; policy ${policy};`,
      ...rules.filter((rule) => rule.chain === chain).map((rule) => `    ${inNftWords(rule, family)}`),
      '  }',
    ];
  });
}

/** A rule as `iptables-save` has it, in nft's words. */
function inNftWords({ options, text }: SavedRule, family: 'ip' | 'ip6'): string {
  const words: string[] = [];
  let comment = '';
  for (let at = 0; at < options.length; at++) {
    const negated = options[at] === '!';
    const option = options[negated ? ++at : at] ?? '';
    const value = options[++at] ?? '';
    const is = negated ? '!= ' : '';
    switch (option) {
      case '-s':
        words.push(`${family} saddr ${is}${value}`);
        break;
      case '-d':
        words.push(`${family} daddr ${is}${value}`);
        break;
      case '--src-range':
        words.push(`${family} saddr ${is}${value}`);
        break;
      case '--dst-range':
        words.push(`${family} daddr ${is}${value}`);
        break;
      case '-p':
        words.push(`meta l4proto ${is}${value}`);
        break;
      case '-m':
        break;
      case '--sport':
        words.push(`tcp sport ${is}${value.replace(':', '-')}`);
        break;
      case '--dport':
        words.push(`tcp dport ${is}${value.replace(':', '-')}`);
        break;
      case '--icmpv6-type':
        words.push(
          `icmpv6 type ${is}${value.replace('neighbour', 'nd-neighbor').replace('solicitation', 'solicit').replace('advertisement', 'advert')}`,
        );
        break;
      case '--ctstate':
        // iptables counts it among the states; to the kernel it is one of a connection's status bits.
        words.push(
          value === 'DNAT'
            ? `ct status & dnat ${negated ? '==' : '!='} 0`
            : `ct state ${is}${value.toLowerCase()}`,
        );
        break;
      case '--mark':
        words.push(`ct mark ${is}${value}`);
        break;
      case '--helper':
        words.push(`ct helper ${is}"${value}"`);
        break;
      case '--comment':
        comment = ` comment "${value}"`;
        break;
      case '-j':
        words.push(targetOf(value, options.slice(at + 1), text));
        at = options.length;
        break;
      default:
        throw new Error(`The compiler has no option ${option}: ${text}`);
    }
  }
  return `${words.join(' ')}${comment}`;
}

function targetOf(target: string, options: readonly string[], text: string): string {
  const [option, value = ''] = options;
  switch (`${target} ${option ?? ''}`.trim()) {
    case 'ACCEPT':
    case 'DROP':
      return target.toLowerCase();
    case 'CT --helper':
      return `ct helper set "${value}"`;
    case 'CONNMARK --set-xmark':
      return `ct mark set ${value.replace(/\/0xffffffff$/, '')}`;
    case 'SNAT --to-source':
      return `snat to ${value}`;
    case 'DNAT --to-destination':
      return `dnat to ${value}`;
    default:
      throw new Error(`The compiler has no such target: ${text}`);
  }
}
