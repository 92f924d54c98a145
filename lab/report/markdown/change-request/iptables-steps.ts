/* A change of rules that are written in iptables, in the words of who keeps such a firewall. */

import { called } from '../../../model/names.ts';
import { isGateway, type RulesPlace } from '../../../network/topology.ts';
import type { ChainChange } from '../../../policy/chain-changes.ts';
import { rulesAdded } from '../../../policy/fix/edit-rules.ts';
import { inConfiguration, keptConfiguration } from '../../../policy/fix/generators.ts';
import { iptablesCommands } from '../../../policy/iptables-commands.ts';
import { readSavedFile, readTables } from '../../../policy/iptables-save.ts';
import { shellWord } from '../../../shell-quoted.ts';
import { changedFirewalls, changesOn, rulesOf, type Sides, titleOf } from '../../sides.ts';
import { fenced, numbered, prose } from './blocks.ts';
import { shownChange } from './shown-change.ts';

/** How many commands are shown before the file alone is the handier way. */
const mostCommands = 20;

/** What changes, chain by chain, and how to make the change on each firewall. */
export function iptablesChange(sides: Sides): string[] {
  return changedFirewalls(sides).flatMap((firewall) => {
    const changes = changesOn(sides, firewall);
    const name = called(firewall, sides.names);
    return [
      ...shownChange(sides, firewall, changes),
      `**How to make it on ${name}**`,
      numbered(stepsOn(sides, firewall, changes)),
    ];
  });
}

function stepsOn(sides: Sides, firewall: RulesPlace, changes: readonly ChainChange[]): string[] {
  const file = shellWord(titleOf(sides.after));
  const commands = iptablesCommands(changes);
  const few = commands.length <= mostCommands;
  const written = configured(sides, firewall);
  const saved =
    'Keep what is in force, so that you can go back: `iptables-save > /root/before.rules` (the counters and everything that other programs added are in it).';
  if (written)
    return [
      ...written,
      `Look whether it came out so: \`iptables-save\` now shows the lines with \`+\` above, and none of those with \`-\`.${few ? ` To try the change at once, until ${written.program} writes its rules again:\n${fenced('sh', commands.join('\n'))}` : ''}`,
    ];
  return [
    saved,
    ...(sides.after.firewall
      ? [
          `See whether the file loads, without putting it in force: \`iptables-restore --test ${file}\`.`,
          `Put it in force: \`iptables-apply -t 60 ${file}\` (in Debian's package iptables; it asks whether you can still log in, and without an answer within 60 s restores what was in force), else \`iptables-restore ${file}\`. Each table that the file holds is replaced as a whole, at one moment; rules that other programs added to it since are gone, and they have to be started again (fail2ban, Docker).`,
        ]
      : []),
    ...(few
      ? [
          `${sides.after.firewall ? 'Or change nothing but these rules. Numbers hold' : 'Give these commands. Numbers hold'} only if the chains are as in ${prose(titleOf(sides.before))}:\n${fenced('sh', commands.join('\n'))}`,
        ]
      : []),
    'Keep it for the next start: on Debian and Ubuntu with iptables-persistent `iptables-save > /etc/iptables/rules.v4`, on Red Hat with iptables-services `iptables-save > /etc/sysconfig/iptables`, elsewhere where your rules are loaded from.',
  ];
}

/** The steps in the configuration of the program that wrote the file, if one did. */
function configured(
  sides: Sides,
  firewall: RulesPlace,
): (string[] & { readonly program: string }) | undefined {
  const [was, is] = [sides.before, sides.after].map((side) =>
    readSavedFile(rulesOf(side, firewall).iptables),
  );
  const kept = was && keptConfiguration(was.tables);
  if (!was || !is || !kept || !sides.before.firewall) return undefined;
  const { program, keep, apply, careful } = kept;
  const added = inConfiguration(was.tables, rulesAdded(was, is), !isGateway(firewall));
  const gone = rulesAdded(is, was);
  const steps = [
    `The file looks like the work of ${program}, which writes its rules again at each start: what is changed behind its back is gone then. So the change belongs into its configuration. First keep that:\n${fenced('sh', keep.join('\n'))}`,
    ...(added
      ? [
          `Write there what is new (the lab tried the rules above, not this configuration):\n${fenced('', added.steps.filter((step) => !step.startsWith('Then ')).join('\n'))}`,
        ]
      : []),
    ...(gone.length > 0
      ? [
          `Take out of it what writes the rules that go. The lab cannot tell where that stands:\n${fenced('', gone.map(({ text }) => text).join('\n'))}`,
        ]
      : []),
    `Put it in force: \`${apply}\`.${careful === '' ? '' : ` If you might lock yourself out: ${careful}.`}`,
  ];
  return Object.assign(steps, { program });
}

/** How to go back on each firewall. */
export function iptablesRollback(sides: Sides): string[] {
  return changedFirewalls(sides).flatMap((firewall) => {
    const name = called(firewall, sides.names);
    const kept = keptConfiguration(readTables(rulesOf(sides.before, firewall).iptables));
    const commands = iptablesCommands(changesOn({ before: sides.after, after: sides.before }, firewall));
    const file = '/root/before.rules';
    const own = kept && sides.before.firewall && kept.back.length > 0;
    return [
      own
        ? `On ${name}, with what was kept of the configuration of ${kept.program}:`
        : `On ${name}, with what was kept before the change:`,
      fenced('sh', own ? kept.back.join('\n') : `iptables-restore ${file}`),
      ...(commands.length <= mostCommands
        ? [
            'Or, if nothing else was changed meanwhile, by the same commands backwards:',
            fenced('sh', commands.join('\n')),
          ]
        : []),
      ...(sides.before.file && sides.before.firewall
        ? [
            `The rules before the change are those of the file ${prose(sides.before.file)}; keep it with this request.`,
          ]
        : []),
    ];
  });
}
