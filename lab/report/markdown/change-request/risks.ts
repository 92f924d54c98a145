import { list } from '../../../list.ts';
import { isInbound } from '../../../model/exposure.ts';
import { called } from '../../../model/names.ts';
import { abuses } from '../../../model/pinhole.ts';
import type { RulesNote } from '../../../model/result/note.ts';
import type { RuleUse } from '../../../model/result/rule-use.ts';
import { does } from '../../../model/rule-text.ts';
import type { RulesPlace } from '../../../network/topology.ts';
import { savedRules } from '../../../policy/compile.ts';
import { readTables } from '../../../policy/iptables-save.ts';
import { affirmed, targetOf, valuesOf } from '../../../policy/iptables-syntax.ts';
import { nftLost, nftRulesIn, rulesLost } from '../../../policy/losses.ts';
import { compareCells } from '../../../verdict/comparison.ts';
import { exposureChanges } from '../../../verdict/exposure-comparison.ts';
import {
  changedFirewalls,
  changesOn,
  firewallsOf,
  languageOf,
  languageOfSide,
  measuredAt,
  rulesOf,
  type Sides,
  titleOf,
} from '../../sides.ts';
import { portsText } from '../../text/exposure.ts';
import { holesInWords } from '../../text/holes.ts';
import { bullets, prose } from './blocks.ts';

/** What the change may do besides what it is for. */
export function risks(sides: Sides): string[] {
  const entries = [
    ...lossRisks(sides),
    ...exposureRisks(sides),
    ...filterRisks(sides),
    ...unseenRisks(sides),
    ...times(sides),
  ];
  return [
    bullets(entries.length === 0 ? ['The lab sees none: no port opens, and no upload breaks.'] : entries),
  ];
}

/** What works or stands there now and would be lost. */
function lossRisks(sides: Sides): string[] {
  const { before, after } = sides;
  const broken = compareCells(before.cells, after.cells).filter(({ sign }) => sign === '-');
  const lost =
    languageOf(sides) === 'nft'
      ? changedFirewalls(sides).flatMap((name) =>
          nftLost(rulesOf(before, name).ruleset ?? '', rulesOf(after, name).ruleset ?? ''),
        )
      : before.firewall && !isOfNft(sides)
        ? rulesLost(
            savedRules(before.name, before.firewall, rulesOf(before, before.firewall).iptables),
            after.ruleSet ??
              savedRules(after.name, before.firewall, rulesOf(after, before.firewall).iptables),
          )
        : [];
  return [
    ...(broken.length > 0 ? ['**Uploads that work now stop working**: see section 3.'] : []),
    ...lost.map(
      (what) =>
        `**Lost**: ${prose(titleOf(before))} has ${prose(what)}; ${prose(titleOf(after))} does not have it as it stands there. The lab tries uploads and TCP ports; what else such a line does for your network, it has not seen.`,
    ),
    ...(before.firewall && after.ruleSet
      ? [
          `**The whole file is replaced**: ${prose(after.name)} knows nothing of the other rules of ${prose(titleOf(before))}. \`ftplab fix ${prose(titleOf(before))}\` looks for the smallest addition to the file instead.`,
        ]
      : []),
  ];
}

function isOfNft({ before, after }: Sides): boolean {
  return languageOfSide(before) === 'nft' || languageOfSide(after) === 'nft';
}

function exposureRisks(sides: Sides): string[] {
  const firewalls = firewallsOf(sides);
  const { names } = sides;
  const [was, is] = [sides.before, sides.after].map(({ exposure }) => measuredAt(exposure, firewalls));
  const changes = was && is ? exposureChanges(was, is) : [];
  const opens = (inbound: boolean) =>
    changes.filter(({ line, opened }) => opened.length > 0 && isInbound(line) === inbound);
  return [
    ...opens(true).map(
      ({ line, opened }) =>
        `**Inbound**: any host where ${called(line.from, names)} stands can open connections to ${called(line.to, names)} on ${portsText(opened)}.`,
    ),
    ...opens(false).map(
      ({ line, opened }) =>
        `Outbound: ${called(line.from, names)} can open connections to ${called(line.to, names)} on ${portsText(opened)}.`,
    ),
    ...(is?.summary.mayVary
      ? ['The rules depend on time, count or chance: another measurement may differ.']
      : []),
  ];
}

/** What comes with a firewall that follows FTP sessions. */
function filterRisks(sides: Sides): string[] {
  const { names, after } = sides;
  const pinholes = measuredAt(after.exposure, firewallsOf(sides)).pinholes;
  const holes = holesInWords(abuses(pinholes), names);
  if (pinholes.every(({ outcome }) => outcome !== 'opens')) return [];
  const isa = languageOf(sides) === 'isa';
  return [
    ...holes.map((hole) => `**The firewall can be talked into more than uploads need**: ${hole}.`),
    ...(holes.length > 0 && !isa
      ? [
          `A rule that accepts ${isOfNft(sides) ? 'related connections only with `ct helper "ftp"`' : '`RELATED` only with `-m helper --helper ftp`'}, to ports from 1024 on and between the hosts that need it closes most of these.`,
        ]
      : []),
    ...(isa
      ? [
          'The FTP access filter has to read the control connection, so FTP over TLS cannot upload through it.',
          'The filter is bound to the protocol definition, so it works in every rule that allows FTP. Each of those rules has its own Read Only box.',
        ]
      : ['The kernel’s FTP helper has to read the control connection, so it cannot help FTP over TLS.']),
  ];
}

/** Notes for which production may behave otherwise. */
const doubtful: ReadonlySet<RulesNote['kind']> = new Set(['can-matter', 'not-in-force', 'doubtful']);

/** What the proof does not reach: new rules that no packet met, and what the lab lacks. */
function unseenRisks(sides: Sides): string[] {
  const { after, names } = sides;
  const unmet = ['iptables', 'nft'].includes(languageOf(sides))
    ? changedFirewalls(sides).flatMap((firewall) => {
        const added = new Set(
          changesOn(sides, firewall).flatMap(({ lines }) =>
            lines.filter(({ sign }) => sign === '+').map(({ line }) => line),
          ),
        );
        return (after.used?.[firewall] ?? [])
          .filter(({ use, line }: RuleUse) => use === 'never' && added.has(line))
          .map(({ line }) => `${line} (${called(firewall, names)})`);
      })
    : [];
  const doubts = (after.notes ?? []).filter(({ kind }) => doubtful.has(kind));
  const count = Object.values(after.used ?? {})
    .flat()
    .filter(({ use }) => use === 'never').length;
  return [
    ...(unmet.length > 0
      ? [
          `No packet of these uploads met the new ${unmet.length === 1 ? 'line' : 'lines'} ${list(unmet)}: what ${unmet.length === 1 ? 'it does' : 'they do'} to other traffic was not seen.`,
        ]
      : []),
    ...(count > unmet.length
      ? [
          `${count} of the rules after the change were met by no packet; section 6 lists them. The uploads say nothing about what those rules do.`,
        ]
      : []),
    ...doubts.map(({ text }) => `**The lab differs from your firewall**: ${prose(text)}`),
  ];
}

/** What happens to connections that are open, and how long the change and the way back take. */
function times(sides: Sides): string[] {
  const changed = changedFirewalls(sides);
  if (changed.length === 0) return [];
  if (languageOf(sides) === 'isa')
    return [
      'The filter does not know control connections that are open when the change is made: their clients must log in again.',
      'ISA Server puts a change in force when you press Apply, and the way back is another Apply; allow a minute for each. Sessions that are open when rules are narrowed may go on: Monitoring > Sessions shows and disconnects them. The lab has not tried that on ISA Server.',
    ];
  return [...changed.flatMap((firewall) => openConnections(sides, firewall)), ...loading(sides)];
}

/** A rule by which connections that are open live on. */
interface KnownRule {
  readonly line: number;
  readonly text: string;
}

function nftKnown(text: string): KnownRule | undefined {
  return nftRulesIn(text).find(
    ({ text: rule }) => /\bct state\b.*\bestablished\b/.test(rule) && /\baccept\b/.test(rule),
  );
}

function iptablesKnown(sides: Sides, firewall: RulesPlace): KnownRule | undefined {
  const tables = readTables(rulesOf(sides.after, firewall).iptables);
  const forward = tables.find(({ name }) => name === 'filter')?.rules ?? [];
  const decided = new Set(
    (sides.after.used?.[firewall] ?? []).filter(({ use }) => use === 'decided').map(({ line }) => line),
  );
  return forward.find(({ options, chain, line }) => {
    if (!decided.has(line) && chain !== 'FORWARD') return false;
    const said = affirmed(options);
    const states = [...valuesOf(said, '--ctstate', '--ctstate'), ...valuesOf(said, '--state', '--state')];
    return states.join().split(',').includes('ESTABLISHED') && targetOf(options) === 'ACCEPT';
  });
}

function openConnections(sides: Sides, firewall: RulesPlace): string[] {
  const { ruleset } = rulesOf(sides.after, firewall);
  const known = ruleset === undefined ? iptablesKnown(sides, firewall) : nftKnown(ruleset);
  const changes = isOfNft(sides) && languageOf(sides) === 'mixed' ? [] : changesOn(sides, firewall);
  const added = changes.flatMap(({ lines }) => lines.filter(({ sign }) => sign === '+'));
  const helped = added.some(({ text }) => does('tracking', text) && does('helper', text));
  const translated = changes.some(
    ({ table, lines }) =>
      table === 'nat' ||
      lines.some(
        ({ sign, text }) => sign !== ' ' && (does('new source', text) || does('new destination', text)),
      ),
  );
  return [
    known
      ? `Connections that are open during the change live on as far as line ${known.line} of the new rules lets them (\`${known.text.replaceAll('`', '')}\`): loading rules does not make the kernel forget them. To cut them, such as transfers that the change forbids: \`conntrack -D -p tcp --orig-port-dst 21\`, and the same for their data ports.`
      : 'The rules accept no packet for being part of an open connection (no ESTABLISHED): connections that are open during the change live on only if a rule accepts each of their packets.',
    ...(helped
      ? [
          'The helper reads only sessions that begin after the change: clients that are logged in have to log in again.',
        ]
      : []),
    ...(translated
      ? [
          'The kernel asks the table nat only for the first packet of a connection: connections that are open keep the addresses that they have.',
        ]
      : []),
  ];
}

/** How long the lab's firewall took to load each side. */
function loading({ before, after }: Sides): string[] {
  const [back, there] = [before, after].map(
    ({ notes = [] }) =>
      notes.flatMap(
        ({ text }) => /^([\d,]+ rules), loaded in (.+)\.$/.exec(text)?.slice(1, 3).join(' in ') ?? [],
      )[0],
  );
  if (!back || !there) return [];
  return [
    `How long it takes: the lab’s firewall loaded the new file of ${there}, and the former one of ${back}. Until then the former rules are in force: a table is replaced at one moment, and no packet meets half of it.`.replaceAll(
      'in 0.0 s',
      'in less than 0.1 s',
    ),
  ];
}
