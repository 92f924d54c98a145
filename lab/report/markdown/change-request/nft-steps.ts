/* A change of rules that are written in nft, in the words of who keeps such a firewall (nft(8)). */
import { called } from '../../../model/names.ts';
import type { RulesPlace } from '../../../network/topology.ts';
import { type KeptNft, keptNft } from '../../../policy/nft/kept-nft.ts';
import { shellWord } from '../../../shell-quoted.ts';
import { changedFirewalls, changesOn, rulesOf, type Sides, titleOf } from '../../sides.ts';
import { fenced, numbered, prose } from './blocks.ts';
import { shownChange } from './shown-change.ts';

const kept = '/root/before.nft';

/** One transaction in place of all tables: a file without `flush ruleset` would only add to what is in force. */
function inPlaceOfAll(file: string): string {
  return `{ echo 'flush ruleset'; cat ${file}; } | nft -f -`;
}

/** What changes, chain by chain, and how to make the change on each firewall. */
export function nftChange(sides: Sides): string[] {
  return changedFirewalls(sides).flatMap((firewall) => [
    ...shownChange(sides, firewall, changesOn(sides, firewall)),
    `**How to make it on ${called(firewall, sides.names)}**`,
    numbered(stepsOn(sides, firewall)),
  ]);
}

function stepsOn(sides: Sides, firewall: RulesPlace): string[] {
  const file = shellWord(titleOf(sides.after));
  const program = programOf(sides, firewall);
  const keep = `Keep what is in force, so that you can go back: \`nft list ruleset > ${kept}\`. If that file has lines with \`xt match\` or \`xt target\`, iptables made them and nft does not take them back: then keep \`iptables-save > /root/before.rules\` too, and leave the tables of those lines out of ${kept}.`;
  if (program)
    return [
      `The tables are the work of ${program.name}, which writes them again at each start: what is changed behind its back is gone then. So the change belongs into its configuration. First keep that:\n${fenced('sh', program.keep)}`,
      `Write there what has the effect of the lines above (the lab tried these lines, not a configuration). ${program.where}`,
      `Put it in force: \`${program.apply}\`, and look whether \`nft list ruleset\` shows it.`,
    ];
  return [
    keep,
    `See whether the file loads, without putting it in force: \`nft -c -f ${file}\`.`,
    `If you might lock yourself out, have the way back run by itself, and end it by \`kill %1\` once you have logged in again from elsewhere:\n${fenced('sh', `{ sleep 60; ${inPlaceOfAll(kept)}; } &`)}`,
    `Put it in force, all or nothing, at one moment:\n${fenced('sh', inPlaceOfAll(file))}\nThat takes every other table away, also those of iptables-nft, Docker and fail2ban: these have to be started again.`,
    'Keep it for the next start: on Debian in `/etc/nftables.conf` with `systemctl enable nftables`, on Red Hat in a file that `/etc/sysconfig/nftables.conf` includes, elsewhere where your rules are loaded from. Such a file begins with `flush ruleset`.',
  ];
}

/** How to go back on each firewall. */
export function nftRollback(sides: Sides): string[] {
  return changedFirewalls(sides).flatMap((firewall) => {
    const program = programOf(sides, firewall);
    return [
      `On ${called(firewall, sides.names)}, with what was kept ${program ? `of the configuration of ${program.name}` : 'before the change'}:`,
      fenced('sh', program ? program.back : inPlaceOfAll(kept)),
      ...(sides.before.file
        ? [
            `The rules before the change are those of the file ${prose(sides.before.file)}; keep it with this request.`,
          ]
        : []),
    ];
  });
}

function programOf({ before }: Sides, firewall: RulesPlace): KeptNft | undefined {
  return keptNft(rulesOf(before, firewall).ruleset ?? '');
}
