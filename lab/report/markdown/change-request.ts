import { createTwoFilesPatch } from 'diff';
import { groupBy } from '../../group-by.ts';
import { list } from '../../list.ts';
import type { CellResult } from '../../model/cell.ts';
import { type Exposure, isInbound, lineName, rangesText } from '../../model/exposure.ts';
import { abuses } from '../../model/pinhole.ts';
import type { FirewallRules, RuleSet } from '../../model/rule-set.ts';
import { type FirewallName, firewallNames } from '../../network/topology.ts';
import { isaSteps } from '../../policy/isa-steps.ts';
import { shellQuoted } from '../../shell-quoted.ts';
import { breaksNothing, compareCells } from '../../verdict/comparison.ts';
import { atSameLines, exposureChanges, totals } from '../../verdict/exposure-comparison.ts';
import { changeLines } from '../text/comparison.ts';
import { exposureRows, filterText, portCount, portsText } from '../text/exposure.ts';
import { markdownMatrix } from './markdown.ts';
import { wayBack } from './way-back.ts';

/** One side of a change: the rules, what they came to, and the rule set where they were written as one. */
export interface Side {
  readonly name: string;
  readonly ruleSet: RuleSet | null;
  readonly rules: Record<FirewallName, FirewallRules>;
  readonly cells: readonly CellResult[];
  readonly exposure: Exposure;
}

/** What a change request says of where it comes from. */
export interface Origin {
  /** The lab's version, and the day on which it was made (ISO 8601, UTC). */
  readonly version: string;
  readonly date: string;
  /** The words after `ftplab` on the command line that made it. */
  readonly command: readonly string[];
}

/** A change request in Markdown: complete but for the names of people and the number of the ticket. Pure. */
export function changeRequest(before: Side, after: Side, origin: Origin): string {
  const sections: [title: string, paragraphs: readonly string[]][] = [
    ['1. Symptom', symptom(before)],
    ['2. The change', change(before, after)],
    ['3. Uploads before and after', uploads(before, after)],
    ['4. Exposure before and after', exposure(before.exposure, after.exposure)],
    ['5. What does not change', unchanged(before, after)],
    ['6. Risks', risks(before, after)],
    ['7. Rollback', rollback(before, after)],
    ['8. Verification in production', verification(after)],
    ['9. Where this comes from', provenance(before, after, origin)],
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
        ['Prepared', origin.date],
        ['Firewalls', list(changedFirewalls(before, after)) || 'none'],
      ],
    ),
    ...body,
  ].join('\n\n')}\n`;
}

function symptom({ name, ruleSet, cells }: Side): string[] {
  const failing = cells.filter(({ verdict }) => !verdict.uploaded);
  const kinds = [...groupBy(failing, ({ verdict }) => [verdict.cause, verdict.rule].join()).values()];
  if (failing.length === 0) return [`Under ${name} all ${cells.length} uploads that were tried work.`];
  return [
    `Under ${name}${ruleSet ? ` (${prose(ruleSet.description.replace(/\.$/, ''))})` : ''} ${failing.length} of the ${cells.length} uploads that were tried fail. One of each kind:`,
    kinds
      .map((kind) => {
        const example = kind.find(({ client }) => client === 'y-server') ?? kind[0];
        return `- ${kind.length} times \`${example?.verdict.cause}\`. ${prose(example?.verdict.sentence ?? '')} Steps: ${example?.steps.map((step) => `${step.name} ${step.outcome}`).join(', ')}.`;
      })
      .join('\n'),
  ];
}

function changedFirewalls(before: Side, after: Side): FirewallName[] {
  return firewallNames.filter((name) => rulesText(before.rules[name]) !== rulesText(after.rules[name]));
}

/** The rules without the comment that names the rule set. */
function rulesText({ iptables, nft }: FirewallRules): string {
  return iptables.replace(/^# .*\n/, '') + (nft ?? '');
}

function change(before: Side, after: Side): string[] {
  const changed = changedFirewalls(before, after);
  if (changed.length === 0) return ['None: the two have the same rules.'];
  return [
    ...steps(before, after),
    // A file's addresses were given to the lab; what is written in ISA's words has the lab's.
    `The same in iptables, as the lab had it in force${before.ruleSet || after.ruleSet ? ' (the addresses are the lab’s)' : ''}:`,
    ...changed.map((name) =>
      fenced(
        'diff',
        createTwoFilesPatch(
          `${name}, ${before.name}`,
          `${name}, ${after.name}`,
          rulesText(before.rules[name]),
          rulesText(after.rules[name]),
          undefined,
          undefined,
          { context: 2 },
        ).replace(/^=+\n/, ''),
      ),
    ),
  ];
}

function steps(from: Side, to: Side): string[] {
  if (!from.ruleSet || !to.ruleSet)
    return ['No steps for ISA’s console: rules that come as iptables do not say what ISA’s rules are.'];
  const byFirewall = isaSteps(from.ruleSet, to.ruleSet);
  const lists = [...groupBy(firewallNames, (name) => byFirewall[name].join('\n'))].flatMap(([text, names]) =>
    text === ''
      ? [`On ${list(names)}: nothing.`]
      : [
          `On ${list(names)}, in the console of ISA Server 2004:`,
          text
            .split('\n')
            .map((step, index) => `${index + 1}. ${prose(step)}`)
            .join('\n'),
        ],
  );
  return lists;
}

function uploads(before: Side, after: Side): string[] {
  const changes = compareCells(before.cells, after.cells);
  return [
    ...(breaksNothing(changes)
      ? []
      : ['**Something that worked does not work any more, or could not be decided.**']),
    changeLines(changes)
      .map(({ sign, text }) => `- \`${sign}\` ${prose(text)}`)
      .join('\n'),
    markdownMatrix([...before.cells, ...after.cells]),
  ];
}

function exposure(before: Exposure, after: Exposure): string[] {
  const later = new Map(exposureRows(after).map(({ name, text }) => [name, text]));
  const former = new Map(exposureRows(before).map(({ name, text }) => [name, text]));
  const names = [...new Set([...former.keys(), ...later.keys()])];
  const [was, is] = atSameLines([before, after]).map(totals);
  const changes = exposureChanges(before, after);
  return [
    'TCP ports, of 1 to 65535, on which a connection can be opened, measured by a SYN to each of them from an ordinary source port and from 20 and 21:',
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
                `- ${lineName(line)}: opens ${rangesText(opened)}; closes ${rangesText(closed)}${isInbound(line) && opened.length > 0 ? ' (**inbound**)' : ''}`,
            )
            .join('\n'),
        ]),
    'What the FTP access filter opens when a control connection asks for it:',
    [before, after]
      .flatMap(({ ruleSet, pinholes }) =>
        firewallNames.map(
          (name) =>
            `- ${ruleSet}: ${filterText(
              name,
              pinholes.filter(({ firewall }) => firewall === name),
            )}`,
        ),
      )
      .join('\n'),
  ];
}

function unchanged(before: Side, after: Side): string[] {
  const changed = changedFirewalls(before, after);
  const same = compareCells(before.cells, after.cells).filter(({ sign }) => sign === '=');
  const changedLines = new Set(
    exposureChanges(before.exposure, after.exposure).map(({ line }) => lineName(line)),
  );
  const stable = exposureRows(before.exposure).filter(({ name }) => !changedLines.has(name));
  const entries = [
    ...firewallNames.flatMap((name) =>
      changed.includes(name)
        ? rulesKept(before, after, name)
        : [`${name}: every rule. Its rules are the same, line by line.`],
    ),
    `Uploads: ${changeLines(same)
      .map(({ text }) => prose(text))
      .join('; ')}.`,
    `Ports: ${stable.length === 0 ? 'every line changes' : stable.map(({ name, text }) => `${name} (${text})`).join(', ')}.`,
    'Servers and clients: nothing is to be done on them.',
  ];
  return [
    'Compared line by line and measured after the change; nothing differs but what sections 2 to 4 show.',
    entries.map((entry) => `- ${entry}`).join('\n'),
  ];
}

function rulesKept(before: Side, after: Side, name: FirewallName): string[] {
  const later = rulesText(after.rules[name]).split('\n');
  const rules = rulesText(before.rules[name])
    .split('\n')
    .filter((line) => /^(?:\[\d+:\d+\] )?-A /.test(line));
  const kept = rules.filter((line) => later.includes(line));
  return [`${name}: ${kept.length} of the ${rules.length} iptables rules stay as they are.`];
}

function risks(before: Side, after: Side): string[] {
  const changes = exposureChanges(before.exposure, after.exposure);
  const inbound = changes.filter(({ line, opened }) => opened.length > 0 && isInbound(line));
  const outbound = changes.filter(({ line, opened }) => opened.length > 0 && !isInbound(line));
  const holes = abuses(after.exposure.pinholes);
  const filtered = after.exposure.pinholes.some(({ outcome }) => outcome === 'opens');
  const broken = compareCells(before.cells, after.cells).filter(({ sign }) => sign === '-');
  const entries = [
    ...(broken.length > 0 ? [`**Breaks what worked**, see section 3.`] : []),
    ...inbound.map(
      ({ line, opened }) =>
        `**Inbound**: whoever stands where ${line.from} stands can open connections to ${line.to} on ${portsText(opened)}.`,
    ),
    ...outbound.map(
      ({ line, opened }) =>
        `Outbound: ${line.from} can open connections to ${line.to} on ${portsText(opened)}.`,
    ),
    ...holes.map(
      ({ firewall, command, names, port }) =>
        `**The FTP filter of ${firewall} can be abused**: ${command} opens ${names}, port ${port === 'low' ? 'below 1024' : 'above 1023'}.`,
    ),
    ...(filtered
      ? [
          'The FTP access filter reads the control connection, so it does not go together with FTP over TLS: such sessions do not upload where it takes part.',
          'The filter is bound to the protocol definition, so it takes part in every rule that allows FTP; each of those rules has a Read Only box of its own.',
          'Control connections that exist at the moment of the change are not known to the filter: clients have to log in again.',
        ]
      : []),
    ...(after.exposure.summary.mayVary
      ? ['The rules depend on time, count or chance: what was measured may differ another time.']
      : []),
  ];
  return [
    (entries.length === 0 ? ['None that the lab can see: no port opens, and no upload breaks.'] : entries)
      .map((entry) => `- ${entry}`)
      .join('\n'),
  ];
}

function rollback(before: Side, after: Side): string[] {
  const changed = changedFirewalls(before, after);
  if (changed.length === 0) return ['Nothing to roll back.'];
  return [
    ...steps(after, before),
    'The exact rules that were in force before, in the tables that the change touches; the others are left alone.',
    ...changed.flatMap((name) => {
      const { iptables, nft } = wayBack(before.rules[name], after.rules[name]);
      return [
        ...(iptables === '' ? [] : [`On ${name}, for iptables-restore:`, fenced('', iptables)]),
        ...(nft === ''
          ? []
          : [`On ${name}, for nft -f, since the FTP access filter has a table of its own:`, fenced('', nft)]),
      ];
    }),
  ];
}

function verification({ cells }: Side): string[] {
  const uploads = [...groupBy(cells, ({ client }) => client)].flatMap(([client, own]) => {
    const modesOf = (theirs: readonly CellResult[]) =>
      list(theirs.filter(({ verdict }) => verdict.uploaded).map(({ mode }) => mode));
    const servers = [...groupBy(own, ({ server }) => server)].map(([server, theirs]) => ({
      server,
      modes: modesOf(theirs),
    }));
    return [...groupBy(servers, ({ modes }) => modes)].map(
      ([modes, same]) =>
        `- where ${client} stands, to a server that stands where ${list(same.map(({ server }) => server))} ${same.length > 1 ? 'stand' : 'stands'}: ${modes === '' ? 'no upload in any mode' : `uploads in ${modes}`}`,
    );
  });
  return [
    'After the change, on a host behind each changed firewall, for each server (it uploads two probe files, reads one back and removes both):',
    fenced('', 'ftplab diagnose ftp://user@host'),
    'What it should find, if production is as the lab is:',
    uploads.join('\n'),
    'It ends with status 0 when every mode tried uploads. Where one does not, it names the step that failed and the lab’s scenarios that fail in the same way.',
  ];
}

function provenance(before: Side, after: Side, { version, date, command }: Origin): string[] {
  const { probes, ms } = after.exposure.summary;
  return [
    [
      `- isa-ftp-lab ${version}, ${date}.`,
      `- ${before.cells.length} uploads under each rule set; an upload counts only when the server holds the very bytes that were sent. ${(before.exposure.summary.probes + probes).toLocaleString('en-US')} port probes, none lost; those under ${after.name} took ${(ms / 1000).toFixed(1)} s.`,
      '- Measured on Linux iptables that stand for ISA Server 2004, with other servers than production’s; no ISA Server took part. Steps in ISA’s console are derived from the rule sets; check names of pages against the console.',
      `- To do it again: \`ftplab ${command.map(shellWord).join(' ')}\`.`,
    ].join('\n'),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (entries: readonly string[]) =>
    `| ${entries.map((entry) => entry.replaceAll('|', '&#124;')).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** A sentence as text: nothing of Markdown or HTML in it counts. */
function prose(text: string): string {
  return text.replaceAll('&', '&amp;').replace(/[\\`*[\]<|]/g, '\\$&');
}

/** A code block; the fence is longer than any run of backticks in it (CommonMark, "Fenced code blocks"). */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n*$/, '\n')}${fence}`;
}

/** A word as a shell takes it. */
function shellWord(text: string): string {
  return /^[\w./=:,@+-]+$/.test(text) ? text : shellQuoted(text);
}
