import { passiveRanges } from '../../lab/network/topology.ts';
import type { ScenarioRules } from '../shared.ts';
import { ftpFilterRules } from './shared.ts';

/** The last rule of a host's own firewall. */
export const allElse = 'All else';

/** FTP's port 21 on a server, as "ufw allow 21/tcp" lets it in. */
export const port21 = '-p tcp -m tcp --dport 21 -m comment --comment "FTP port 21" -j ACCEPT';

/** A server's whole passive range. */
export const passiveRangeOn = (server: keyof typeof passiveRanges) =>
  `-p tcp -m tcp --dport ${passiveRanges[server].join(':')} -m comment --comment "Passive range" -j ACCEPT`;

/** A host's own firewall as most are: it sends everything, takes what it is part of already, and else what `input` says. */
export function ownFirewall(input: readonly string[], raw: readonly string[] = []): string {
  return `${[
    '*raw',
    ':PREROUTING ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...raw.map((rule) => `-A ${rule}`),
    'COMMIT',
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment "Known connections" -j ACCEPT',
    ...[...input, `-m comment --comment "${allElse}" -j DROP`].map((rule) => `-A INPUT ${rule}`),
    'COMMIT',
  ].join('\n')}\n`;
}

/** Firewalls on the way that block no upload, and the own firewalls of hosts. */
export function withOwnFirewalls(
  hosts: Readonly<Record<string, string>>,
  description: string,
): ScenarioRules {
  return { ...ftpFilterRules, hosts, description };
}
