/*
 * A SYN that an FTP helper expected is RELATED and, if a rule drops it, uses the expectation up: sent again it is NEW
 * (nf_conntrack_core.c, init_conntrack), and may meet other rules.
 */
import type { SavedRule } from './iptables-save.ts';
import { affirmed, targetOf, valuesOf } from './iptables-syntax.ts';
import type { Timed } from './time-or-chance.ts';
import { metByUploads } from './upload-path.ts';

/** Rules after which a data connection's first SYN may be dropped, and the same one sent again accepted. */
export function tellExpectedFromNew({ tables, interfaces, onHost }: Timed): string[] {
  const met = [...metByUploads(tables, interfaces ?? null, onHost)];
  const helped = met.some(({ options }) => options.includes('--helper') && targetOf(options) === 'CT');
  return helped ? met.filter(tellsApart).map(({ text }) => text) : [];
}

function tellsApart({ options }: SavedRule): boolean {
  const target = targetOf(options);
  const about = subjectOf(options);
  if (about === 'expected') return target !== undefined && !passing.includes(target);
  return about === 'new' && target !== undefined && !stopping.includes(target) && canOpenData(options);
}

/** Targets that do not stop a packet, and those that do. */
const passing = ['ACCEPT', 'RETURN', 'MARK', 'CONNMARK', 'LOG', 'NFLOG', 'CT', 'NOTRACK', 'TCPMSS'];
const stopping = ['DROP', 'REJECT', 'RETURN', 'LOG', 'NFLOG', 'MARK', 'CONNMARK'];

/** Whether a rule is for SYNs that a helper expected alone, or for those that it did not. */
function subjectOf(options: readonly string[]): 'expected' | 'new' | 'both' {
  const own = affirmed(options);
  const after = (names: readonly string[], list: readonly string[]) =>
    names.flatMap((name) => (list.includes(name) ? (list[list.indexOf(name) + 1] ?? '').split(',') : []));
  const asks = (name: string) => own.includes(name);
  const denies = (name: string) => options.includes(name) && !asks(name);
  const states = after(['--ctstate', '--state'], options);
  const [related, fresh] = [states.includes('RELATED'), states.includes('NEW')];
  const stateDenied = denies('--ctstate') || denies('--state');
  if (related !== fresh) return related === stateDenied ? 'new' : 'expected';
  const helper = valuesOf(options, '-m', '--match').includes('helper');
  const expected = after(['--ctstatus'], options).includes('EXPECTED');
  if ((helper && asks('--helper')) || (expected && asks('--ctstatus'))) return 'expected';
  return (helper && denies('--helper')) || (expected && denies('--ctstatus')) ? 'new' : 'both';
}

/** Whether a rule may be for a data connection: to a high port, or from port 20. */
function canOpenData(options: readonly string[]): boolean {
  const ports = affirmed(options).flatMap((option, index, all) =>
    /^--(dport|destination-port|dports|destination-ports)$/.test(all[index - 1] ?? '')
      ? option.split(',')
      : [],
  );
  return ports.length === 0 || ports.some((range) => !(Number(range.split(':').at(-1) || 65_535) < 1024));
}
