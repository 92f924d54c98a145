/** Files that firewall generators made, each from the configuration in the script of its name in ../generated. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

const policy = blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' });
const illegalPort = blocked('port-command-refused', { firewall: null, rule: null, failedAt: 'store-small' });

function dropped(rule: string) {
  return blocked('data-dropped', { rule, failedAt: 'store-small' });
}

function refusedBy(rule: string) {
  return blocked('data-refused', { rule, failedAt: 'store-small' });
}

function of(
  name: string,
  expected: Entry['expected'],
  why: string,
  rest: Pick<Entry, 'server' | 'asIs'> & { readonly as?: string } = {},
): Entry {
  const { as = name, ...more } = rest;
  return { name: as, file: `generated/${name}.rules`, expected, why, ...more };
}

export const generated: readonly Entry[] = [
  of(
    'ufw-port-21',
    all(policy),
    'RELATED is accepted but no rule attaches the helper. What matches nothing returns from all chains of ufw to the policy.',
  ),
  of(
    'ufw-high-ports-reject',
    each({ passive: up, active: policy }),
    "Pure-FTPd's passive ports lie in the range that is routed. What the server opens meets the policy.",
    { server: 'pure-ftpd', as: 'ufw-range-of-the-server' },
  ),
  of(
    'ufw-high-ports-reject',
    each({
      passive: refusedBy('-A ufw-user-forward -i eth1 -o ppp0 -j REJECT --reject-with icmp-port-unreachable'),
      active: policy,
    }),
    "ProFTPD's passive ports, 1025 to 5000, lie outside the range that is routed: the rule that rejects the rest decides. What the server opens meets the policy.",
    { server: 'proftpd', as: 'ufw-range-of-another-server' },
  ),
  of(
    'ufw-helper-nat',
    all(up),
    'The helper is attached in the raw table, RELATED is accepted, and the helper rewrites under NAT.',
  ),
  of(
    'shorewall-port-21',
    each({
      passive: refusedBy('-A reject -p tcp -j REJECT --reject-with tcp-reset'),
      active: dropped('-A net-loc -j DROP'),
    }),
    'From loc to net the policy goes to the chain reject, which resets TCP; from net to loc it drops. No rule attaches the helper.',
  ),
  of(
    'shorewall-helper',
    all(up),
    'The conntrack file attaches the helper to port 21, and both loc-net and net-loc accept RELATED.',
  ),
  of(
    'shorewall-high-ports-nat',
    each({ passive: up, active: illegalPort }),
    "High ports are open. In active modes the client names its private address, no helper rewrites it, and vsftpd refuses an address that is not its peer's.",
  ),
  of(
    'firewalld-policy-ftp',
    each({
      passive: refusedBy('-A FWD_out -j REJECT --reject-with icmp-port-unreachable'),
      active: illegalPort,
    }),
    'The rule that attaches the helper stands behind "-i eth1 -o ppp0" in PREROUTING, where no packet has an outgoing interface yet. The zone external masquerades, so PORT names an address that vsftpd refuses.',
  ),
  of(
    'firewalld-zone-helper',
    all(up),
    'The zone internal attaches the helper by the incoming interface alone, RELATED is accepted, and nothing is masqueraded.',
  ),
  of(
    'firewalld-high-ports',
    each({ passive: up, active: illegalPort }),
    'High ports are open; under masquerading without the helper PORT names a private address.',
  ),
  of(
    'firehol-ftp',
    all(up),
    'FireHOL attaches the helper in the raw table and accepts what the helper relates, both ways.',
  ),
  of(
    'firehol-port-21',
    all(dropped('-A FORWARD -j DROP')),
    'The service knows port 21 alone; what no router chain accepts meets the last rule of FORWARD.',
  ),
  of(
    'firehol-all-masquerade',
    each({ passive: up, active: illegalPort }),
    'All that is NEW from inside is accepted. No rule attaches a helper, so PORT names a private address.',
  ),
  of(
    'ferm-port-21',
    all(refusedBy('-A refuse -p tcp -j REJECT --reject-with tcp-reset')),
    'The chain refuse resets TCP from either side.',
  ),
  of('ferm-helper-nat', all(up), 'The helper is attached, its data connections are accepted and translated.'),
  of(
    'ferm-high-ports',
    each({ passive: up, active: dropped('nobody calls inside') }),
    'Port 21 and the high ports may leave; whatever leaves to the inside and is new is dropped.',
  ),
  of(
    'arno-nat-all',
    all(up),
    'It attaches the helper to port 21 by itself and accepts what it relates; inside may open anything.',
  ),
  of(
    'arno-port-21',
    all(up),
    'Port 21 is open, and CONNTRACK_HELPER accepts related data connections to high ports before LAN_INET_FORWARD_CHAIN drops the rest.',
  ),
  of(
    'arno-high-ports-denied',
    all(up),
    'The list denies high ports, but related data connections are accepted in CONNTRACK_HELPER before it.',
  ),
  of(
    'arno-web-only',
    all(
      blocked('control-dropped', {
        rule: '-A LAN_INET_FORWARD_CHAIN -j DROP',
        failedAt: 'connect',
      }),
    ),
    'Ports 80 and 443 are open, 21 is not.',
  ),
  of(
    'fwbuilder-port-21',
    all(dropped('-A RULE_2 -j DROP')),
    'RELATED is accepted, no rule attaches the helper: data connections from either side go to RULE_2, which logs and drops.',
  ),
  of(
    'fwbuilder-reject-nat',
    each({
      passive: refusedBy('-A FORWARD -p tcp -m tcp -j REJECT --reject-with tcp-reset'),
      active: illegalPort,
    }),
    'The last rule resets TCP. Under NAT without the helper PORT names a private address.',
  ),
  of(
    'fwbuilder-high-ports',
    each({ passive: up, active: dropped('-A RULE_2 -j DROP') }),
    'High ports from Y are accepted; what the server opens goes to RULE_2.',
  ),
  of(
    'pyroman-port-21',
    each({ passive: refusedBy('-A reject -p tcp -j REJECT --reject-with tcp-reset'), active: policy }),
    'From Y the chain of this pair of networks rejects the rest; from outside there is no chain, and the policy drops.',
  ),
  of(
    'pyroman-high-ports',
    each({ passive: up, active: policy }),
    'High ports from Y are accepted; what the server opens meets the policy.',
  ),
  of('pyroman-helper-nat', all(up), 'The helper is attached, RELATED is accepted, SNAT is the only change.'),
  of(
    'uruk-host-only',
    all(up),
    "Uruk guards the host alone: FORWARD has no rule and the policy ACCEPT, so everything passes, to an administrator's surprise.",
    { asIs: true },
  ),
  of(
    'uruk-forward-port-21',
    each({
      passive: refusedBy('-A FORWARD -i eth1 -j REJECT --reject-with icmp-port-unreachable'),
      active: policy,
    }),
    'The hook rejects what else comes from inside; what the server opens meets the policy.',
  ),
];
