/** NAT turns a packet, or the answer to it, to where nobody takes it. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const turned: readonly Entry[] = [
  {
    name: 'redirect-data',
    file: 'faults/redirect-data.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'to our own port 9', failedAt: 'store-small' }),
      active: up,
    }),
    why: "The client's data connection is turned to the firewall itself, where nobody listens on port 9: its own stack answers with a reset. In active modes the server opens, from outside.",
    tells: "the firewall itself answered in the server's place",
  },
  {
    name: 'redirect-control',
    file: 'faults/redirect-control.rules',
    expected: all(blocked('control-refused', { rule: 'to our own port 2121', failedAt: 'connect' })),
    why: "The control connection is turned to the firewall's own port 2121, where nobody listens.",
    tells: "the firewall itself answered in the server's place",
  },
  {
    name: 'dnat-control-nobody',
    file: 'faults/dnat-control-nobody.rules',
    expected: all(
      blocked(['control-dropped', 'control-refused'], { rule: 'the old server', failedAt: 'connect' }),
    ),
    why: 'Nobody has 198.19.79.200. The firewall asks for it by ARP in vain; after some three seconds it says host unreachable, which a client may or may not wait for: either code is true.',
    tells: 'the packet was turned to an address that nobody has',
  },
  {
    name: 'dnat-data-no-route',
    file: 'faults/dnat-data-no-route.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'to the other data centre', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'The firewall has no route to 172.20.0.9 and no default route, and says so by ICMP at once.',
    tells: 'the firewall has no route to where the packet was turned',
  },
  {
    name: 'dnat-data-loopback',
    file: 'faults/dnat-data-loopback.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'to loopback', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'A packet from a network to 127.0.0.1 is martian (route_localnet is off): the kernel drops it without a word.',
    tells: 'the kernel dropped it as martian after the rule turned it',
  },
  {
    name: 'netmap-control-no-route',
    file: 'faults/netmap-control-no-route.rules',
    expected: all(blocked('control-refused', { rule: 'mapped range', failedAt: 'connect' })),
    why: "The server's address becomes 10.99.0.21, to which the firewall has no route; it says so by ICMP.",
    tells: 'the firewall has no route to where the packet was turned',
  },
  {
    name: 'snat-control-nobody',
    file: 'faults/snat-control-nobody.rules',
    expected: all(blocked('control-dropped', { rule: 'our old address', failedAt: 'connect' })),
    why: "The server's answer goes to 198.19.79.250, which nobody has.",
    tells: 'the answer goes to an address that nobody has',
  },
  {
    name: 'snat-data-no-route',
    file: 'faults/snat-data-no-route.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'from elsewhere', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'The server has no route back to 172.31.0.1. Active modes open from outside, so the rule does not see their first packet.',
    tells: 'the answer goes to an address that the server cannot reach',
  },
  {
    name: 'dnat-data-wrong-server',
    file: 'faults/dnat-data-wrong-server.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'to the wrong server', failedAt: 'store-small' }),
      active: up,
    }),
    why: '198.19.79.23 is another server, which does not listen on the port that vsftpd drew: it answers with a reset.',
    tells: "another host answered in the server's place",
  },
  {
    name: 'tproxy-nobody',
    file: 'faults/tproxy-nobody.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'transparent proxy', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'TPROXY drops what it finds no listening socket for.',
    tells: 'no proxy listens',
  },
  {
    name: 'masquerade-no-helper',
    file: 'faults/masquerade-no-helper.rules',
    expected: each({
      passive: up,
      active: blocked('port-command-refused', { firewall: null, rule: null, failedAt: 'store-small' }),
    }),
    why: "Passive modes pass: high ports are open. In active modes the client names its private address, and vsftpd refuses an address that is not its peer's.",
  },
  {
    name: 'masquerade-called-back',
    file: 'faults/masquerade-called-back.rules',
    server: 'proftpd',
    expected: each({
      port: blocked('data-refused', { failedAt: 'store-small' }),
      eprt: blocked('data-refused', { failedAt: 'store-small' }),
    }),
    why: "ProFTPD overlooks a private address and calls back the address that it sees: the firewall's own. INPUT accepts, nobody listens, the firewall's stack answers with a reset.",
    tells: "the firewall itself answered in the client's place; the masquerading rule hides the client",
  },
  {
    name: 'masquerade-called-back-input-drop',
    file: 'faults/masquerade-called-back-input-drop.rules',
    server: 'proftpd',
    expected: each({
      port: blocked('data-dropped', { rule: 'policy INPUT DROP', failedAt: 'store-small' }),
      eprt: blocked('data-dropped', { rule: 'policy INPUT DROP', failedAt: 'store-small' }),
    }),
    why: 'As masquerade-called-back, and here the policy of INPUT drops what is addressed to the firewall.',
    tells: "the server called the firewall's own address",
  },
  {
    name: 'masquerade-with-helper',
    file: 'faults/masquerade-with-helper.rules',
    expected: all(up),
    why: 'The helper rewrites addresses under NAT and expects the data connections. A counter-proof.',
  },
  {
    name: 'masquerade-inside',
    file: 'faults/masquerade-inside.rules',
    expected: all(up),
    why: 'Only what the server opens is masqueraded, to the inside address; the client takes a data connection from anybody. A counter-proof.',
  },
  {
    name: 'dnat-to-itself',
    file: 'faults/dnat-to-itself.rules',
    firewall: 'isa-x',
    expected: all(up),
    why: 'Turns the packet to where it goes anyway. A counter-proof.',
  },
  {
    name: 'snat-control-only',
    file: 'faults/snat-control-only.rules',
    expected: each({
      passive: blocked('data-refused', { rule: 'hide commands only', failedAt: 'store-small' }),
      active: blocked('port-command-refused', { firewall: null, rule: null, failedAt: 'store-small' }),
    }),
    why: "The server sees commands from the firewall's address and data connections from the client's own: vsftpd turns such a stranger down (425). No helper translates PORT and EPRT, which name another address than the control connection comes from, so vsftpd takes them for a bounce attack and refuses (500).",
    tells: 'the two connections come from different addresses, and which rule does that',
  },
  {
    name: 'dnat-control-other-server',
    file: 'faults/dnat-control-other-server.rules',
    expected: all(blocked('content-mismatch', { rule: 'the new server', failedAt: 'store-small' })),
    why: '198.19.79.23 is another FTP server with the same account, which takes the uploads and confirms them. The server that the client means holds no file. The helper follows that session in all modes.',
    tells: 'another host answered, by which rule; to transfer in binary would cure nothing',
  },
  {
    name: 'dnat-nobody-masqueraded',
    file: 'faults/dnat-nobody-masqueraded.rules',
    expected: all(
      blocked(['control-dropped', 'control-refused'], { rule: 'the old server', failedAt: 'connect' }),
    ),
    why: 'As dnat-control-nobody on a gateway that hides its clients too: MASQUERADE gives the packet another source, and has no part in where it goes.',
    tells: 'the rule that gave the destination, not the later one that gave the source',
  },
];
