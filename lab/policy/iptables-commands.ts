import type { ChainChange, ChainLine } from './chain-changes.ts';
import { isBuiltIn } from './iptables-syntax.ts';

/**
 * The commands that turn the former chains into the later ones, in an order in which no packet finds neither the old rule nor the
 * new: new chains first, in each chain what is new before what goes, and chains that go last (iptables(8), -I, -D, -N, -P, -X).
 */
export function iptablesCommands(changes: readonly ChainChange[]): string[] {
  const isNew = ({ lines, table, chain }: ChainChange) =>
    !isBuiltIn(table, chain) && lines.every(({ sign }) => sign === '+');
  const isGone = ({ lines, table, chain }: ChainChange) =>
    !isBuiltIn(table, chain) && lines.every(({ sign }) => sign === '-');
  const kept = changes.filter((change) => !isNew(change) && !isGone(change));
  return [
    ...changes.filter(isNew).map(({ table, chain }) => command(table, `-N ${chain}`)),
    ...changes
      .filter(isNew)
      .flatMap(({ table, lines }) => rulesOf(lines).map(({ text }) => command(table, appended(text)))),
    ...kept.flatMap(changeCommands),
    ...changes.filter(isGone).map(({ table, chain }) => command(table, `-F ${chain}`)),
    ...changes.filter(isGone).map(({ table, chain }) => command(table, `-X ${chain}`)),
  ];
}

function command(table: string, words: string): string {
  return `iptables ${table === 'filter' ? '' : `-t ${table} `}${words}`;
}

function rulesOf(lines: readonly ChainLine[]): ChainLine[] {
  return lines.filter(({ text }) => !text.startsWith(':'));
}

function appended(text: string): string {
  return text.replace(/^(?:-I|--insert)(\s+\S+)(?:\s+\d+(?=\s))?/, '-A$1');
}

/** First what is new, with what goes still in place, then what goes, from the end: so numbers stay true. */
function changeCommands({ table, chain, lines }: ChainChange): string[] {
  const rules = rulesOf(lines);
  const numbered = rules.map((rule, index) => ({ ...rule, number: index + 1 }));
  const inserted = numbered
    .filter(({ sign }) => sign === '+')
    .map(({ text, number }) => command(table, `-I ${chain} ${number} ${wordsOf(text)}`));
  const deleted = numbered
    .filter(({ sign }) => sign === '-')
    .reverse()
    .map(({ number }) => command(table, `-D ${chain} ${number}`));
  return [...inserted, ...deleted, ...policyCommands({ table, chain, lines })];
}

function policyCommands({ table, chain, lines }: ChainChange): string[] {
  const declared = (wanted: ChainLine['sign']) =>
    lines.find(({ sign, text }) => sign === wanted && text.startsWith(':'))?.text.split(' ')[1];
  const [was, is] = [declared('-'), declared('+')];
  if (was === undefined && is === undefined) return [];
  // A chain of the kernel that is not declared any more accepts, as after iptables-restore.
  return isBuiltIn(table, chain) ? [command(table, `-P ${chain} ${is ?? 'ACCEPT'}`)] : [];
}

/** A rule without its command, chain and number. */
function wordsOf(text: string): string {
  return appended(text).replace(/^-\S+\s+\S+\s*/, '');
}
