import { valuesOf, words } from './iptables-syntax.ts';

/**
 * Matches whose answer to the same packet differs by time, count or chance: a packet dropped now may pass when it is
 * sent again. From iptables-extensions(8), and xtables-addons(8) for the last six.
 */
const changeable = new Set([
  'bpf',
  'connbytes',
  'connlimit',
  'cpu',
  'hashlimit',
  'limit',
  'nfacct',
  'quota',
  'rateest',
  'recent',
  'set',
  'statistic',
  'time',
  'condition',
  'fuzzy',
  'lscan',
  'pknock',
  'psd',
  'quota2',
]);

/** Targets after which the next rule is tried: such a rule decides nothing. */
const undeciding = new Set(['AUDIT', 'LOG', 'NFLOG', 'ULOG', 'TRACE']);

/**
 * The lines of iptables-restore input that decide by time, count or chance. Empty where a packet that was dropped once
 * will always be.
 */
export function dependsOnTimeOrChance(iptables: string): string[] {
  return iptables.split('\n').filter((line) => {
    if (line.startsWith('#')) return false;
    const options = words(line) ?? [];
    const target = valuesOf(options, '-j', '--jump')[0];
    if (target !== undefined && undeciding.has(target)) return false;
    const matches = valuesOf(options, '-m', '--match');
    return matches.some((match) => changeable.has(match)) || options.includes('--ctexpire');
  });
}
