import { createTwoFilesPatch } from 'diff';
import { groupBy } from '../../../group-by.ts';
import { list } from '../../../list.ts';
import type { CellResult } from '../../../model/cell.ts';
import { isInbound, isOverIPv6, lineName, rangesText } from '../../../model/exposure.ts';
import { called } from '../../../model/names.ts';
import type { ComparisonResult, TriedRules } from '../../../model/result/comparison.ts';
import type { RuleUse } from '../../../model/result/rule-use.ts';
import { firewallNames, isGateway, type RulesPlace } from '../../../network/topology.ts';
import { isaSteps } from '../../../policy/isa-steps.ts';
import { nftRulesIn } from '../../../policy/losses.ts';
import { shellWord } from '../../../shell-quoted.ts';
import { breaksNothing, compareCells } from '../../../verdict/comparison.ts';
import { atSameLines, exposureChanges, totals } from '../../../verdict/exposure-comparison.ts';
import {
  changedFirewalls,
  changesOn,
  firewallsOf,
  languageOf,
  languageOfSide,
  measuredAt,
  rulesOf,
  rulesText,
  type Sides,
  titleOf,
} from '../../sides.ts';
import { changeLines } from '../../text/comparison.ts';
import { exposureRows, filterTexts, portCount, tooBigTexts } from '../../text/exposure.ts';
import { ruleInWords, useInWords } from '../../text/rule-use.ts';
import { markdownMatrix } from '../markdown.ts';
import { bullets, fenced, numbered, prose, table } from './blocks.ts';
import { iptablesChange, iptablesRollback } from './iptables-steps.ts';
import { nftChange, nftRollback } from './nft-steps.ts';
import { risks } from './risks.ts';
import { wayBack } from './way-back.ts';

/** Who wrote a change request, and when. */
export interface Preparation {
  /** The lab's version, and the day on which the request was made (ISO 8601, UTC). */
  readonly version: string;
  readonly date: string;
  /** The words after `ftplab` on the command line that made the request. */
  readonly command: readonly string[];
}

/** A change request in Markdown, complete except for people's names and the ticket number. */
export function changeRequest(
  { before, after, names }: Pick<ComparisonResult, 'before' | 'after' | 'names'>,
  preparation: Preparation,
): string {
  const sides: Sides = { before, after, names };
  const sections: [title: string, paragraphs: readonly string[]][] = [
    ['1. Symptom', symptom(before)],
    ['2. The change', change(sides)],
    ['3. Uploads before and after', uploads(sides)],
    ['4. Exposure before and after', exposure(sides)],
    ['5. What does not change', unchanged(sides)],
    ['6. What was not seen', notSeen(sides)],
    ['7. Risks', risks(sides)],
    ['8. Rollback', rollback(sides)],
    ['9. Verification in production', verification(sides)],
    ['10. Where this comes from', provenance(sides, preparation)],
  ];
  const body = sections.flatMap(([title, paragraphs]) => [`## ${title}`, ...paragraphs]);
  return `${[
    `# Change request: ${titleOf(after)} in place of ${titleOf(before)}`,
    table(
      ['', ''],
      [
        ['Ticket', '________'],
        ['Requested by', '________'],
        ['Approved by', '________'],
        ['Prepared', preparation.date],
        ['Firewalls', list(changedFirewalls(sides).map((name) => called(name, names))) || 'none'],
      ],
    ),
    ...body,
  ].join('\n\n')}\n`;
}

function symptom(before: TriedRules): string[] {
  const { ruleSet, cells } = before;
  const name = titleOf(before);
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

function change(sides: Sides): string[] {
  const changed = changedFirewalls(sides);
  if (changed.length === 0) return ['No change: both sides have the same rules.'];
  switch (languageOf(sides)) {
    case 'iptables':
      return iptablesChange(sides);
    case 'nft':
      return nftChange(sides);
    case 'isa':
      return [
        ...consoleSteps(sides),
        ...loaded(
          sides,
          'What the lab loaded in place of ISA Server, in iptables (with the lab’s addresses):',
        ),
      ];
    case 'both':
    case 'mixed':
      return [
        `No steps, in no language: one side is written in ${languageWords[languageOfSide(sides.before)]} and the other in ${languageWords[languageOfSide(sides.after)]}, and none lead from one to the other. Section 7 says what would be lost.`,
        ...loaded(sides, 'What the lab loaded:'),
      ];
  }
}

const languageWords = {
  isa: 'ISA’s terms',
  iptables: 'iptables',
  nft: 'nft',
  both: 'iptables and nft',
} as const;

/** What the firewalls had loaded, before and after. */
function loaded(sides: Sides, title: string): string[] {
  const { before, after, names } = sides;
  return [
    title,
    ...changedFirewalls(sides).map((name) =>
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

function consoleSteps({ before, after, names: callings }: Sides): string[] {
  if (!before.ruleSet || !after.ruleSet) return [];
  const byFirewall = isaSteps(before.ruleSet, after.ruleSet, callings);
  return [...groupBy(firewallNames(), (name) => (byFirewall[name] ?? []).join('\n'))].flatMap(
    ([text, own]) => {
      const names = list(own.map((name) => called(name, callings)));
      return text === ''
        ? [`On ${names}: nothing.`]
        : [`On ${names}, in the console of ISA Server 2004:`, numbered(text.split('\n').map(prose))];
    },
  );
}

function uploads({ before, after, names }: Sides): string[] {
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

function exposure(sides: Sides): string[] {
  const firewalls = firewallsOf(sides);
  const callings = sides.names;
  const before = measuredAt(sides.before.exposure, firewalls);
  const after = measuredAt(sides.after.exposure, firewalls);
  const later = new Map(exposureRows(after, callings).map(({ name, text }) => [name, text]));
  const former = new Map(exposureRows(before, callings).map(({ name, text }) => [name, text]));
  const names = [...new Set([...former.keys(), ...later.keys()])];
  const [was, is] = atSameLines([before, after]).map(totals);
  const changes = exposureChanges(before, after);
  return [
    'TCP ports from 1 to 65535 on which a connection can be opened. The lab sent a SYN to each port from an ordinary source port and, if a rule may look at the source port, from ports 20 and 21:',
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
    ...([before, after].every(isOverIPv6)
      ? [
          bullets(
            [before, after].flatMap((one) =>
              tooBigTexts(one, callings).map((text) => `${one.ruleSet}: ${text}`),
            ),
          ),
        ]
      : ['This was measured over IPv4; nothing is known of IPv6.']),
    'What the firewall’s FTP filter (on Linux the kernel’s helper) opens when client or server name a port on a control connection:',
    [before, after]
      .flatMap(({ ruleSet, pinholes }) =>
        firewalls.flatMap((name) =>
          filterTexts(name, pinholes, callings).map((text) => `- ${ruleSet}: ${text}`),
        ),
      )
      .join('\n'),
  ];
}

function unchanged(sides: Sides): string[] {
  const { before, after, names } = sides;
  const changed = changedFirewalls(sides);
  const same = compareCells(before.cells, after.cells).filter(({ sign }) => sign === '=');
  const [was, is] = [before, after].map((side) => measuredAt(side.exposure, firewallsOf(sides)));
  const moved = new Set(was && is ? exposureChanges(was, is).map(({ line }) => lineName(line, names)) : []);
  const stable = was ? exposureRows(was, names).filter(({ name }) => !moved.has(name)) : [];
  return [
    'The rules were compared line by line, and uploads and ports were measured after the change. Nothing differs except what sections 2 to 4 show.',
    bullets([
      ...firewallsOf(sides).map((name) =>
        changed.includes(name)
          ? rulesKept(sides, name)
          : `${called(name, names)}: every rule stays, line by line.`,
      ),
      ...(same.length === 0
        ? []
        : [
            `Uploads: ${changeLines(same, names)
              .map(({ text }) => prose(text))
              .join('; ')}.`,
          ]),
      `Ports: ${stable.length === 0 ? 'every path changes' : stable.map(({ name, text }) => `${name} (${text})`).join(', ')}.`,
      firewallsOf(sides).every(isGateway)
        ? 'Servers and clients: nothing to do on them.'
        : 'The firewalls between the networks, and all other hosts: nothing to do on them.',
    ]),
  ];
}

/** How many rules of a kind a request shows before it only counts the rest. */
const rulesShown = 10;

function someOf(rules: readonly string[]): string {
  const more = rules.length - rulesShown;
  return [
    ...rules.slice(0, rulesShown),
    ...(more > 0 ? [`and ${more.toLocaleString('en')} more, which --json lists`] : []),
  ].join('\n');
}

/** The limits of the answer: rules that no packet met, and what the lab lacks. */
function notSeen({ before, after, names }: Sides): string[] {
  return [before, after].flatMap((side) => {
    const { used = {}, notes = [] } = side;
    const rules = Object.entries(used).flatMap(([firewall, uses]) => {
      const of = (kind: RuleUse['use']) => uses.filter(({ use }) => use === kind).map(ruleInWords);
      const [never, met] = [of('never'), of('met')];
      return [
        prose(useInWords(called(firewall, names), uses)),
        ...(never.length === 0 ? [] : ['Met by no packet:', fenced('', someOf(never))]),
        ...(met.length === 0 ? [] : ['Met, and decided nothing:', fenced('', someOf(met))]),
      ];
    });
    return [
      `**Under ${prose(titleOf(side))}**`,
      ...rules,
      ...(notes.length === 0 ? [] : [notes.map(({ text }) => `- ${prose(text)}`).join('\n')]),
    ];
  });
}

function rulesKept(sides: Sides, name: RulesPlace): string {
  if (languageOf(sides) === 'nft') {
    const own = nftRulesIn(rulesOf(sides.before, name).ruleset ?? '').length;
    const changed = changesOn(sides, name)
      .filter(({ chain }) => chain !== '')
      .flatMap(({ lines }) =>
        lines.filter(({ sign, text }) => sign === '-' && !/^(?:type|policy) /.test(text)),
      );
    return `${called(name, sides.names)}: ${own - changed.length} of the ${own} nft rules stay where they are.`;
  }
  const isRule = (line: string) => /^(?:\[\d+:\d+\] )?-[AI] /.test(line);
  const rules = rulesOf(sides.before, name).iptables.split('\n').filter(isRule);
  const later = rulesText(rulesOf(sides.after, name)).split('\n');
  const gone =
    languageOf(sides) === 'iptables'
      ? changesOn(sides, name).flatMap(({ lines }) =>
          lines.filter(({ sign, text }) => sign === '-' && isRule(text)),
        )
      : rules.filter((line) => !later.includes(line));
  return `${called(name, sides.names)}: ${rules.length - gone.length} of the ${rules.length} iptables rules stay where they are.`;
}

function rollback(sides: Sides): string[] {
  const { before, after, names } = sides;
  const changed = changedFirewalls(sides);
  if (changed.length === 0) return ['Nothing to roll back.'];
  if (languageOf(sides) === 'iptables') return iptablesRollback(sides);
  if (languageOfSide(before) === 'nft') return nftRollback(sides);
  if (languageOfSide(after) === 'nft')
    return [
      'With what `iptables-save > /root/before.rules` kept before the change. Between the two commands nothing is filtered:',
      fenced('sh', 'nft flush ruleset\niptables-restore /root/before.rules'),
    ];
  return [
    ...(languageOf(sides) === 'isa'
      ? [
          'Before the change, keep the configuration: in the console, the server’s task "Back Up this ISA Server Configuration" writes it to a file, and "Restore this ISA Server Configuration" puts it back. By hand:',
          ...consoleSteps({ before: after, after: before, names }),
        ]
      : []),
    'The exact rules that the lab had in force before, for the tables that the change touches. Other tables stay untouched.',
    ...changed.flatMap((name) => {
      const { iptables, nft } = wayBack(rulesOf(before, name), rulesOf(after, name));
      const on = called(name, names);
      return [
        ...(iptables === '' ? [] : [`On ${on}, for iptables-restore:`, fenced('', iptables)]),
        ...(nft === ''
          ? []
          : [`On ${on}, for nft -f (the FTP access filter has its own table):`, fenced('', nft)]),
      ];
    }),
  ];
}

function verification({ after: { cells }, names }: Sides): string[] {
  const uploads = [...groupBy(cells, ({ client }) => client)].flatMap(([client, own]) => {
    const modesOf = (theirs: readonly CellResult[]) =>
      list(theirs.filter(({ verdict }) => verdict.uploaded).map(({ mode }) => mode));
    const servers = [...groupBy(own, ({ server }) => server)].map(([server, theirs]) => ({
      server,
      modes: modesOf(theirs),
    }));
    return [...groupBy(servers, ({ modes }) => modes)].map(
      ([modes, same]) =>
        `- from where ${called(client, names)} stands to a server where ${list(same.map(({ server }) => called(server, names)))} ${same.length === 1 ? 'stands' : 'stand'}: ${modes === '' ? 'no upload in any mode' : `uploads in ${modes}`}`,
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

function provenance(sides: Sides, { version, date, command }: Preparation): string[] {
  const { before, after } = sides;
  const { probes, ms } = after.exposure.summary;
  const languages = [...new Set([before, after].map(languageOfSide))];
  return [
    [
      `- isa-ftp-lab ${version}, ${date}.`,
      `- ${before.cells.length} uploads under each rule set; an upload counts only if the server holds exactly the bytes that were sent. ${(before.exposure.summary.probes + probes).toLocaleString('en-US')} port probes, none lost; those under ${after.name} took ${(ms / 1000).toFixed(1)} s.`,
      !languages.includes('isa')
        ? `- Measured on Linux with ${list(languages)}, with the lab’s own clients and servers, not on your firewall.`
        : '- Measured on Linux iptables in place of ISA Server 2004, with other servers than production’s; no ISA Server took part. The steps in ISA’s console are derived from the rule sets; compare the names of pages with the console.',
      `- To repeat it: \`ftplab ${command.map(shellWord).join(' ')}\`.`,
    ].join('\n'),
  ];
}
