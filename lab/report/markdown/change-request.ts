import { createTwoFilesPatch } from 'diff';
import { groupBy } from '../../group-by.ts';
import { list } from '../../list.ts';
import type { CellResult } from '../../model/cell.ts';
import { type Exposure, isInbound, lineName, rangesText } from '../../model/exposure.ts';
import { called, type Names } from '../../model/names.ts';
import { abuses } from '../../model/pinhole.ts';
import type { ComparisonResult, TriedRules } from '../../model/result/comparison.ts';
import type { RuleUse } from '../../model/result/rule-use.ts';
import type { FirewallRules } from '../../model/rule-set.ts';
import { type FirewallName, firewallNames } from '../../network/topology.ts';
import { isaSteps } from '../../policy/isa-steps.ts';
import { shellQuoted } from '../../shell-quoted.ts';
import { breaksNothing, compareCells } from '../../verdict/comparison.ts';
import { atSameLines, exposureChanges, totals } from '../../verdict/exposure-comparison.ts';
import { changeLines } from '../text/comparison.ts';
import { exposureRows, filterText, portCount, portsText } from '../text/exposure.ts';
import { ruleInWords, useInWords } from '../text/rule-use.ts';
import { markdownMatrix } from './markdown.ts';
import { wayBack } from './way-back.ts';

/** Who wrote a change request, and when. */
export interface Preparation {
  /** The lab's version, and the day on which the request was made (ISO 8601, UTC). */
  readonly version: string;
  readonly date: string;
  /** The words after `ftplab` on the command line that made the request. */
  readonly command: readonly string[];
}

/** What the user calls hosts, if they are called anything. */
type Calling = Names | undefined;

/** A change request in Markdown, complete except for people's names and the ticket number. */
export function changeRequest(
  { before, after, names }: Pick<ComparisonResult, 'before' | 'after' | 'names'>,
  preparation: Preparation,
): string {
  const sections: [title: string, paragraphs: readonly string[]][] = [
    ['1. Symptom', symptom(before)],
    ['2. The change', change(before, after, names)],
    ['3. Uploads before and after', uploads(before, after, names)],
    ['4. Exposure before and after', exposure(before.exposure, after.exposure, names)],
    ['5. What does not change', unchanged(before, after, names)],
    ['6. What was not seen', notSeen(before, after, names)],
    ['7. Risks', risks(before, after, names)],
    ['8. Rollback', rollback(before, after, names)],
    ['9. Verification in production', verification(after, names)],
    ['10. Where this comes from', provenance(before, after, preparation)],
  ];
  const body = sections.flatMap(([title, paragraphs]) => [`## ${title}`, ...paragraphs]);
  return `${[
    `# Change request: ${after.name} in place of ${before.name}`,
    table(
      ['', ''],
      [
        ['Ticket', '________'],
        ['Requested by', '________'],
        ['Approved by', '________'],
        ['Prepared', preparation.date],
        ['Firewalls', list(changedFirewalls(before, after).map((name) => called(name, names))) || 'none'],
      ],
    ),
    ...body,
  ].join('\n\n')}\n`;
}

function symptom({ name, ruleSet, cells }: TriedRules): string[] {
  const failing = cells.filter(({ verdict }) => !verdict.uploaded);
  const kinds = [...groupBy(failing, ({ verdict }) => [verdict.cause, verdict.rule].join()).values()];
  if (failing.length === 0) return [`Under ${name} all ${cells.length} tried uploads work.`];
  return [
    `Under ${name}${ruleSet ? ` (${prose(ruleSet.description.replace(/\.$/, ''))})` : ''} ${failing.length} of the ${cells.length} tried uploads fail. One example of each kind:`,
    kinds
      .map((kind) => {
        const example = kind.find(({ client }) => client === 'y-server') ?? kind[0];
        return `- ${kind.length} times \`${example?.verdict.cause}\`. ${prose(example?.verdict.sentence ?? '')} Steps: ${example?.steps.map((step) => `${step.name} ${step.outcome}`).join(', ')}.`;
      })
      .join('\n'),
  ];
}

function changedFirewalls(before: TriedRules, after: TriedRules): FirewallName[] {
  return firewallNames.filter((name) => rulesText(rulesOf(before, name)) !== rulesText(rulesOf(after, name)));
}

/** What a firewall had loaded. Throws for a comparison that was read from version 1, which did not hold the rules. */
function rulesOf({ name, rules }: TriedRules, firewall: FirewallName): FirewallRules {
  if (!rules) throw new Error(`The comparison does not hold the rules of ${name}`);
  return rules[firewall];
}

/** The rules without the comment that names the rule set. */
function rulesText({ iptables, nft }: FirewallRules): string {
  return iptables.replace(/^# .*\n/, '') + (nft ?? '');
}

function change(before: TriedRules, after: TriedRules, names: Calling): string[] {
  const changed = changedFirewalls(before, after);
  if (changed.length === 0) return ['No change: both sides have the same rules.'];
  return [
    ...steps(before, after, names),
    // The addresses of a rules file come from the user; a rule set in ISA's words has the lab's.
    `The same change in iptables, as the lab loaded it${before.ruleSet || after.ruleSet ? ' (with the lab’s addresses)' : ''}:`,
    ...changed.map((name) =>
      fenced(
        'diff',
        createTwoFilesPatch(
          `${called(name, names)}, ${before.name}`,
          `${called(name, names)}, ${after.name}`,
          rulesText(rulesOf(before, name)),
          rulesText(rulesOf(after, name)),
          undefined,
          undefined,
          { context: 2 },
        ).replace(/^=+\n/, ''),
      ),
    ),
  ];
}

function steps(from: TriedRules, to: TriedRules, callings: Calling): string[] {
  if (!from.ruleSet || !to.ruleSet)
    return ['No steps for ISA’s console: they cannot be derived from iptables rules.'];
  const byFirewall = isaSteps(from.ruleSet, to.ruleSet, callings);
  const lists = [...groupBy(firewallNames, (name) => byFirewall[name].join('\n'))].flatMap(([text, own]) => {
    const names = list(own.map((name) => called(name, callings)));
    return text === ''
      ? [`On ${names}: nothing.`]
      : [
          `On ${names}, in the console of ISA Server 2004:`,
          text
            .split('\n')
            .map((step, index) => `${index + 1}. ${prose(step)}`)
            .join('\n'),
        ];
  });
  return lists;
}

function uploads(before: TriedRules, after: TriedRules, names: Calling): string[] {
  const changes = compareCells(before.cells, after.cells);
  return [
    ...(breaksNothing(changes)
      ? []
      : ['**Something that worked before no longer works, or could not be decided.**']),
    changeLines(changes, names)
      .map(({ sign, text }) => `- \`${sign}\` ${prose(text)}`)
      .join('\n'),
    markdownMatrix([...before.cells, ...after.cells], names),
  ];
}

function exposure(before: Exposure, after: Exposure, callings: Calling): string[] {
  const later = new Map(exposureRows(after, callings).map(({ name, text }) => [name, text]));
  const former = new Map(exposureRows(before, callings).map(({ name, text }) => [name, text]));
  const names = [...new Set([...former.keys(), ...later.keys()])];
  const [was, is] = atSameLines([before, after]).map(totals);
  const changes = exposureChanges(before, after);
  return [
    'TCP ports from 1 to 65535 on which a connection can be opened. The lab sent a SYN to each port from an ordinary source port, from port 20 and from port 21:',
    table(
      ['from, to', before.ruleSet, after.ruleSet],
      names.map((name) => [name, former.get(name) ?? 'as its network', later.get(name) ?? 'as its network']),
    ),
    `In all ${portCount(was?.ports ?? 0)} before and ${portCount(is?.ports ?? 0)} after, of which inbound ${was?.inbound ?? 0} before and ${is?.inbound ?? 0} after. ${
      changes.length === 0 ? 'No port opens or closes.' : 'What changes:'
    }`,
    ...(changes.length === 0
      ? []
      : [
          changes
            .map(
              ({ line, opened, closed }) =>
                `- ${lineName(line, callings)}: opens ${rangesText(opened)}; closes ${rangesText(closed)}${isInbound(line) && opened.length > 0 ? ' (**inbound**)' : ''}`,
            )
            .join('\n'),
        ]),
    'What the FTP access filter opens when a client asks for it on a control connection:',
    [before, after]
      .flatMap(({ ruleSet, pinholes }) =>
        firewallNames.map(
          (name) =>
            `- ${ruleSet}: ${filterText(
              name,
              pinholes.filter(({ firewall }) => firewall === name),
              callings,
            )}`,
        ),
      )
      .join('\n'),
  ];
}

function unchanged(before: TriedRules, after: TriedRules, names: Calling): string[] {
  const changed = changedFirewalls(before, after);
  const same = compareCells(before.cells, after.cells).filter(({ sign }) => sign === '=');
  const changedLines = new Set(
    exposureChanges(before.exposure, after.exposure).map(({ line }) => lineName(line, names)),
  );
  const stable = exposureRows(before.exposure, names).filter(({ name }) => !changedLines.has(name));
  const entries = [
    ...firewallNames.flatMap((name) =>
      changed.includes(name)
        ? rulesKept(before, after, name, names)
        : [`${called(name, names)}: every rule stays, line by line.`],
    ),
    `Uploads: ${changeLines(same, names)
      .map(({ text }) => prose(text))
      .join('; ')}.`,
    `Ports: ${stable.length === 0 ? 'every path changes' : stable.map(({ name, text }) => `${name} (${text})`).join(', ')}.`,
    'Servers and clients: nothing to do on them.',
  ];
  return [
    'The rules were compared line by line, and uploads and ports were measured after the change. Nothing differs except what sections 2 to 4 show.',
    entries.map((entry) => `- ${entry}`).join('\n'),
  ];
}

/** The limits of the answer: rules that no packet met, and what the lab lacks. */
function notSeen(before: TriedRules, after: TriedRules, names: Calling): string[] {
  return [before, after].flatMap(({ name, used = {}, notes = [] }) => {
    const rules = Object.entries(used).flatMap(([firewall, uses]) => {
      const of = (kind: RuleUse['use']) => uses.filter(({ use }) => use === kind).map(ruleInWords);
      const [never, met] = [of('never'), of('met')];
      return [
        prose(useInWords(called(firewall, names), uses)),
        ...(never.length === 0 ? [] : ['Met by no packet:', fenced('', never.join('\n'))]),
        ...(met.length === 0 ? [] : ['Met, and decided nothing:', fenced('', met.join('\n'))]),
      ];
    });
    return [
      `**Under ${name}**`,
      ...rules,
      ...(notes.length === 0 ? [] : [notes.map(({ text }) => `- ${prose(text)}`).join('\n')]),
    ];
  });
}

function rulesKept(before: TriedRules, after: TriedRules, name: FirewallName, names: Calling): string[] {
  const later = rulesText(rulesOf(after, name)).split('\n');
  const rules = rulesText(rulesOf(before, name))
    .split('\n')
    .filter((line) => /^(?:\[\d+:\d+\] )?-A /.test(line));
  const kept = rules.filter((line) => later.includes(line));
  return [`${called(name, names)}: ${kept.length} of the ${rules.length} iptables rules stay.`];
}

function risks(before: TriedRules, after: TriedRules, callings: Calling): string[] {
  const changes = exposureChanges(before.exposure, after.exposure);
  const inbound = changes.filter(({ line, opened }) => opened.length > 0 && isInbound(line));
  const outbound = changes.filter(({ line, opened }) => opened.length > 0 && !isInbound(line));
  const holes = abuses(after.exposure.pinholes);
  const filtered = after.exposure.pinholes.some(({ outcome }) => outcome === 'opens');
  const broken = compareCells(before.cells, after.cells).filter(({ sign }) => sign === '-');
  const entries = [
    ...(broken.length > 0 ? [`**Breaks something that worked**: see section 3.`] : []),
    ...inbound.map(
      ({ line, opened }) =>
        `**Inbound**: any host in the place of ${called(line.from, callings)} can open connections to ${called(line.to, callings)} on ${portsText(opened)}.`,
    ),
    ...outbound.map(
      ({ line, opened }) =>
        `Outbound: ${called(line.from, callings)} can open connections to ${called(line.to, callings)} on ${portsText(opened)}.`,
    ),
    ...holes.map(
      ({ firewall, command, names, port }) =>
        `**The FTP filter of ${called(firewall, callings)} can be abused**: ${command} opens ${names}, port ${port === 'low' ? 'below 1024' : 'above 1023'}.`,
    ),
    ...(filtered
      ? [
          'The FTP access filter must read the control connection, so FTP over TLS cannot upload through it.',
          'The filter is bound to the protocol definition, so it works in every rule that allows FTP. Each of those rules has its own Read Only box.',
          'The filter does not know control connections that are open when the change is made: their clients must log in again.',
        ]
      : []),
    ...(after.exposure.summary.mayVary
      ? ['The rules depend on time, count or chance: another measurement may differ.']
      : []),
  ];
  return [
    (entries.length === 0 ? ['The lab sees none: no port opens, and no upload breaks.'] : entries)
      .map((entry) => `- ${entry}`)
      .join('\n'),
  ];
}

function rollback(before: TriedRules, after: TriedRules, names: Calling): string[] {
  const changed = changedFirewalls(before, after);
  if (changed.length === 0) return ['Nothing to roll back.'];
  return [
    ...steps(after, before, names),
    'The exact rules that were in force before, for the tables that the change touches. Other tables stay untouched.',
    ...changed.flatMap((name) => {
      const { iptables, nft } = wayBack(rulesOf(before, name), rulesOf(after, name));
      return [
        ...(iptables === ''
          ? []
          : [`On ${called(name, names)}, for iptables-restore:`, fenced('', iptables)]),
        ...(nft === ''
          ? []
          : [
              `On ${called(name, names)}, for nft -f (the FTP access filter has its own table):`,
              fenced('', nft),
            ]),
      ];
    }),
  ];
}

function verification({ cells }: TriedRules, names: Calling): string[] {
  const uploads = [...groupBy(cells, ({ client }) => client)].flatMap(([client, own]) => {
    const modesOf = (theirs: readonly CellResult[]) =>
      list(theirs.filter(({ verdict }) => verdict.uploaded).map(({ mode }) => mode));
    const servers = [...groupBy(own, ({ server }) => server)].map(([server, theirs]) => ({
      server,
      modes: modesOf(theirs),
    }));
    return [...groupBy(servers, ({ modes }) => modes)].map(
      ([modes, same]) =>
        `- from the place of ${called(client, names)} to a server in the place of ${list(same.map(({ server }) => called(server, names)))}: ${modes === '' ? 'no upload in any mode' : `uploads in ${modes}`}`,
    );
  });
  return [
    'After the change, run this on a host behind each changed firewall, for each server. It uploads two probe files, reads one back and removes both:',
    fenced('', 'ftplab diagnose ftp://user@host'),
    'If production behaves like the lab, it finds:',
    uploads.join('\n'),
    'It exits with status 0 if every tried mode uploads. If a mode does not, it names the failed step and the lab’s scenarios that fail in the same way.',
  ];
}

function provenance(
  before: TriedRules,
  after: TriedRules,
  { version, date, command }: Preparation,
): string[] {
  const { probes, ms } = after.exposure.summary;
  return [
    [
      `- isa-ftp-lab ${version}, ${date}.`,
      `- ${before.cells.length} uploads under each rule set; an upload counts only if the server holds exactly the bytes that were sent. ${(before.exposure.summary.probes + probes).toLocaleString('en-US')} port probes, none lost; those under ${after.name} took ${(ms / 1000).toFixed(1)} s.`,
      '- Measured on Linux iptables in place of ISA Server 2004, with other servers than production’s; no ISA Server took part. The steps in ISA’s console are derived from the rule sets; compare the names of pages with the console.',
      `- To repeat it: \`ftplab ${command.map(shellWord).join(' ')}\`.`,
    ].join('\n'),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (entries: readonly string[]) =>
    `| ${entries.map((entry) => entry.replaceAll('|', '&#124;')).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** Escapes a sentence so that Markdown and HTML show it as plain text. */
function prose(text: string): string {
  return text.replaceAll('&', '&amp;').replace(/[\\`*[\]<|]/g, '\\$&');
}

/** A code block; the fence is longer than any run of backticks in it (CommonMark, "Fenced code blocks"). */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n*$/, '\n')}${fence}`;
}

/** A word quoted for the shell if it needs that. */
function shellWord(text: string): string {
  return /^[\w./=:,@+-]+$/.test(text) ? text : shellQuoted(text);
}
