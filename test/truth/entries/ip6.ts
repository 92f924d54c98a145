/** Uploads by IPv6, under files of ip6tables-save and of nft rules. The network has the ranges of every lab: 2001:db8:0:2::/64 is y, 2001:db8:0:3::/64 External. */
import { blocked, type Entry, type Expected, type Outcome, refused, up } from '../entry.ts';

/** By the modes that IPv6 has (RFC 2428). */
function each({ passive, active }: { readonly passive: Outcome; readonly active: Outcome }): Expected {
  return { epsv: passive, eprt: active };
}

function all(outcome: Outcome): Expected {
  return each({ passive: outcome, active: outcome });
}

function of(name: string, expected: Expected, why: string, rest: Partial<Entry> = {}): Entry {
  return { name: `ip6-${name}`, file: `ip6/${name}.rules`, ipv6: true, expected, why, ...rest };
}

const data = (rule: string) => blocked('data-dropped', { rule, failedAt: 'store-small' });
const byCustomer = { client: 'customer', server: 'y-server' } as const;
const policy = data('policy FORWARD DROP');

export const ip6: readonly Entry[] = [
  of(
    'ufw6-port-21',
    all(policy),
    'ufw6-user-forward accepts port 21 from eth1 to ppp0. No helper, and what matches nothing meets the policy. Neighbours are accepted by ufw6-before-input.',
  ),
  of(
    'ufw6-high-ports',
    each({ passive: up, active: policy }),
    'ufw6-user-forward accepts 1024 to 65535 from inside too. What the server opens meets the policy.',
  ),
  of(
    'shorewall6-ftp',
    all(up),
    'Table raw attaches the helper to port 21, and loc-net and net-loc accept RELATED.',
  ),
  of(
    'shorewall6-no-helper',
    each({ passive: data('-A loc-net -j DROP'), active: data('-A net-loc -j DROP') }),
    'Port 21 is accepted. There is no helper, so the client falls through loc-net, and the server through net-loc.',
  ),
  of(
    'port-21-only',
    all(policy),
    'Port 21 alone is accepted from y; data connections of either side meet the policy.',
  ),
  of(
    'helper-and-related',
    all(up),
    'The helper is attached to what comes from inside, and RELATED is accepted.',
  ),
  of(
    'helper-related-not-accepted',
    all(policy),
    'RELATED is accepted for ICMPv6 alone; sent again, the data connection is NEW, which only port 21 may be. Without its first line: -p icmpv6 tells whose file it is.',
  ),
  of(
    'high-ports',
    each({ passive: up, active: data('nothing from outside') }),
    'vsftpd, ::21, is in ::20/123, to which 21 and 1024 to 65535 are open from inside. The last rule drops what comes from outside.',
  ),
  of(
    'rhel-default',
    all(
      blocked('control-refused', {
        rule: '-A FORWARD -j REJECT --reject-with icmp6-adm-prohibited',
        failedAt: 'connect',
      }),
    ),
    'The file that Red Hat shipped rejects all that is forwarded. INPUT accepts ICMPv6, and so neighbours.',
    // It is a host's file, and a gateway's by its last rule.
    { asIs: true },
  ),
  of(
    'reject-data-adm-prohibited',
    all(
      blocked('data-refused', {
        rule: '-A FORWARD -p tcp -m tcp --dport 1024:65535 -j REJECT --reject-with icmp6-adm-prohibited',
        failedAt: 'store-small',
      }),
    ),
    'Both data connections go to high ports, and are rejected.',
  ),
  of(
    'reject-data-reset',
    all(blocked('data-refused', { rule: 'no other port', failedAt: 'store-small' })),
    'The chain ports lets port 21 return to the policy, since it was gone to, and resets the rest.',
  ),
  of(
    'nat66-helper',
    all(up),
    'All goes out under the address of isa-y; the helper writes that into EPRT, and RELATED is accepted.',
  ),
  of(
    'nat66-no-helper',
    each({
      passive: up,
      active: blocked('port-command-refused', { firewall: null, rule: null, failedAt: 'store-small' }),
    }),
    'All from inside is accepted. EPRT names 2001:db8:0:2::10, and vsftpd sees 2001:db8:0:3::3.',
  ),
  of(
    'neighbours-forgotten',
    all(blocked('control-dropped', { rule: 'policy INPUT DROP', failedAt: 'connect' })),
    'FORWARD would accept everything from inside. INPUT drops neighbour solicitations, which are no connection and so never ESTABLISHED: y-server does not find isa-y.',
  ),
  of(
    'neighbours-dropped-outside',
    all(blocked('control-dropped', { rule: 'no ICMP from the Internet', failedAt: 'connect' })),
    'Everything is forwarded, and isa-y drops the advertisement by which vsftpd answers when it is looked for.',
  ),
  of(
    'forwarded-icmp-dropped',
    all(up),
    'Neighbours are not forwarded, all links have the same MTU, and no packet has a routing header.',
  ),
  of(
    'packet-too-big-dropped',
    all(blocked('stalled-mid-transfer', { rule: 'no ICMP errors', failedAt: 'store-large' })),
    "The link to this server takes 1400 bytes. isa-y's own message that says so (type 2) is dropped as it leaves, so that full segments never arrive; 1 KiB fits.",
    { client: 'customer', server: 'y-server-narrow' },
  ),
  of(
    'other-client',
    all(blocked('control-dropped', { rule: 'policy FORWARD DROP', failedAt: 'connect' })),
    'y-workstation, ::11, may open TCP connections; y-server is ::10.',
  ),
  of(
    'raw-drops-data',
    each({
      passive: data(
        '-A PREROUTING -i eth1 -p tcp -m tcp --dport 1024:65535 --tcp-flags FIN,SYN,RST,ACK SYN -j DROP',
      ),
      active: up,
    }),
    'Table raw drops a SYN from inside to a high port; the one that the server sends comes from outside.',
  ),
  of(
    'docker',
    each({ passive: up, active: policy }),
    'DOCKER-USER accepts what goes from eth1 to ppp0, and what belongs to it. What the server opens comes from ppp0 and meets the policy.',
  ),
  of(
    'published-helper',
    all(up),
    'What calls port 2121 of isa-y outside comes to y-server. The helper is attached there, writes the published port into 229, and RELATED is accepted.',
    byCustomer,
  ),
  of(
    'published-no-helper',
    each({ passive: data('policy INPUT DROP'), active: up }),
    'After EPSV the customer calls isa-y itself, where INPUT accepts ICMPv6 alone. What the server opens goes out under the address that was called.',
    byCustomer,
  ),
  {
    name: 'ip6-none',
    file: 'faults/port-21-only.rules',
    ipv6: true,
    expected: all(up),
    why: 'A file of iptables-save says nothing of IPv6, and nobody loaded ip6tables.',
  },
  {
    name: 'ip6-nft-firewalld-default',
    file: 'nft/firewalld-default.nft',
    ipv6: true,
    expected: all(
      blocked('control-refused', { rule: 'reject with icmpx admin-prohibited', failedAt: 'connect' }),
    ),
    why: 'No policy forwards between the zones; icmpx is ICMPv6 here. Both zones accept ICMPv6, and so neighbours.',
  },
  {
    name: 'ip6-nft-firewalld-policy-ftp',
    file: 'nft/firewalld-policy-ftp.nft',
    ipv6: true,
    expected: all(up),
    why: 'The policy attaches the helper, whose object is of inet, and accepts port 21; RELATED is accepted. Only IPv4 is masqueraded.',
  },
  {
    name: 'ip6-nft-helper-of-ipv4',
    file: 'ip6/fw4-with-icmpv6.nft',
    ipv6: true,
    expected: each({
      passive: up,
      active: blocked('data-refused', { rule: '!fw4: Reject TCP traffic', failedAt: 'store-small' }),
    }),
    why: 'From lan to wan all is accepted. fw4 attaches the helper to IPv4 alone, so what the server opens is not RELATED and is reset.',
  },
  {
    name: 'ip6-nft-neighbours-refused',
    file: 'nft/web-and-ftp-only.nft',
    ipv6: true,
    expected: all(blocked('control-dropped', { rule: 'policy input DROP', failedAt: 'connect' })),
    why: 'The table is of inet, and its input chain accepts no ICMPv6: neighbours do not find isa-y.',
  },
  {
    name: 'ip6-nft-of-ipv4',
    file: 'nft/home-router.nft',
    ipv6: true,
    expected: all(up),
    why: 'Its only table is of the family ip, which IPv6 does not meet.',
  },
  {
    name: 'ip6-of-both',
    text: () => '*filter\n-A FORWARD -s 10.79.2.10 -j DROP\n-A FORWARD -p icmpv6 -j ACCEPT\nCOMMIT\n',
    ipv6: true,
    expected: refused(/for IPv4 by line 2.*for IPv6 by line 3/),
    why: 'One rule names an IPv4 address, the next one ICMPv6: no program loads both.',
  },
];
