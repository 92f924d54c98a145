/* Whether an nft file says all that decides on a machine. */
import type { NftHook } from '../../model/packet.ts';
import { isGateway, type RulesPlace } from '../../network/topology.ts';
import type { Doubt } from '../whole-truth.ts';
import { under } from './asked.ts';
import type { NftRule, NftRuleset } from './listing.ts';

/** Whether a text is one of nft's own language, and not in JSON. */
export function isNftText(text: string): boolean {
  if (/^\*\w+\s*$/m.test(text)) return false;
  return (
    /^#!\S*\bnft\b/.test(text) ||
    /^\s*(?:(?:add|create) )?table (?:(?:ip6?|inet|arp|bridge|netdev) )?\S+ *(?:\{|;|$)/m.test(text) ||
    /^\s*flush ruleset\b/m.test(text) ||
    /^\s*add rule (?:ip6?|inet|arp|bridge|netdev) \S+ \S+ /m.test(text)
  );
}

/** The line of a rule that iptables-nft made and that nft shows, but does not take; `undefined` without one. */
export function lineOfIptables(text: string): number | undefined {
  const at = text.search(/\bxt (?:match|target|watcher) "|# xt_(?:match|target)/);
  return at < 0 ? undefined : text.slice(0, at).split('\n').length;
}

/** Why rules in force may not be the whole truth about the place where they stand; empty if nothing is in doubt. */
export function doubtsAboutNft(ruleset: NftRuleset, place: RulesPlace): Doubt[] {
  const at = (...hooks: NftHook[]) =>
    ruleset.chains.filter(
      ({ hook, family, type }) => hook && hooks.includes(hook) && type === 'filter' && family !== 'ip6',
    );
  const hooks = isGateway(place) ? (['forward'] as const) : (['input', 'output'] as const);
  const chains = at(...hooks);
  const save = 'Run "nft list ruleset > FILE" as root on that machine and use that file.';
  const hostFile = 'If it is the file of a server or client, say so: --on vsftpd, or --on y-workstation.';
  const here = isGateway(place)
    ? 'what is forwarded (hook forward)'
    : 'what is for the host itself (hook input or output)';
  if (chains.length === 0)
    return [
      {
        code: 'no-rules',
        message: `the file has no filter chain that sees ${here}: with it everything passes`,
        save: isGateway(place) && at('input').length > 0 ? `${hostFile} Else: ${save}` : save,
      },
    ];
  const empty = (of: typeof chains) =>
    of.every(({ table, name }) => !ruleset.rules.some((rule) => rule.table === table && rule.chain === name));
  if (!empty(chains)) return [];
  if (chains.every(({ policy }) => policy !== 'drop'))
    return [
      {
        code: 'no-rules',
        message: `the file has no rule about ${here} and no policy that drops it: with it everything passes`,
        save,
      },
    ];
  if (!isGateway(place) || !at('input').length || !ruleset.rules.some(opensPort)) return [];
  return [
    {
      code: 'host-file',
      message:
        "the file is a host's own: it lets connections in to the host (hook input), and has no rule about what it forwards (hook forward)",
      save: `${hostFile} If it is the file of a gateway, the policy of its forward chain alone decides about everything.`,
    },
  ];
}

/** Chains that may drop packets before, or after, they are traced: each in words for a note. */
export function unseenChains({ chains, rules }: NftRuleset): string[] {
  return chains
    .filter(({ hook }) => hook === 'ingress' || hook === 'egress')
    .filter(({ table, name }) => rules.some((rule) => rule.table === table && rule.chain === name))
    .map(
      ({ table, name, hook }) =>
        `Chain ${name} of table ${table} stands at the hook ${hook}: what it drops does not show in the trace, so no verdict can name it. It CAN MATTER to an upload.`,
    );
}

function opensPort({ statements }: NftRule): boolean {
  return under(statements, 'field').includes('dport');
}
