/*
 * Gateway files of different generators with the report's fault in them: the login works, the upload does not. Each has the
 * patch that an expert would write: the smallest that opens least, found by reading the rules alone. The patches were
 * committed before `ftplab fix` saw the files, and are not changed to fit what it says.
 */
import { readFile } from 'node:fs/promises';
import type { FirewallName } from '../../lab/network/topology.ts';

/** A gateway's file, the uploads that its users need, and what is wrong with it. */
export interface Gateway {
  /** Unique; the expert's patch is gateways/NAME.patch. */
  readonly name: string;
  /** What wrote the file. */
  readonly by: string;
  /** The firewall that it is for. Default `isa-y`. */
  readonly firewall?: FirewallName;
  /** The uploads that have to work, as `--need` takes them. */
  readonly need: readonly string[];
  /** Why they fail, and why the expert's patch is as it is. */
  readonly why: string;
}

const passive = ['y-server/vsftpd/pasv', 'y-server/vsftpd/epsv'];
const published = ['customer/y-server/pasv', 'customer/y-server/epsv'];
const every = [...passive, 'y-server/vsftpd/port', 'y-server/vsftpd/eprt'];

export const gateways: readonly Gateway[] = [
  {
    name: 'ufw-port-21',
    by: 'ufw',
    need: every,
    why: 'Routed. RELATED is accepted in ufw-before-forward, and no rule attaches the helper: attach it for these two hosts.',
  },
  {
    name: 'ufw-high-ports-reject',
    by: 'ufw',
    need: ['y-server/proftpd/pasv', 'y-server/proftpd/epsv'],
    why: "The range that is open is another server's. RELATED is accepted, so the helper opens less than a second range.",
  },
  {
    name: 'shorewall-port-21',
    by: 'Shorewall',
    need: every,
    why: 'loc-net and net-loc accept RELATED, and the table raw is empty.',
  },
  {
    name: 'firewalld-policy-ftp',
    by: 'firewalld',
    need: every,
    why: 'Masquerading. The rule that attaches the helper asks for an outgoing interface in PREROUTING, so it never matches; the chain of the zone internal takes one that does.',
  },
  {
    name: 'firehol-port-21',
    by: 'FireHOL',
    need: passive,
    why: 'The router knows port 21 alone: helper, RELATED and ESTABLISHED of data connections are all missing.',
  },
  {
    name: 'firehol-all-masquerade',
    by: 'FireHOL',
    need: ['y-server/vsftpd/port', 'y-server/vsftpd/eprt'],
    why: 'Under masquerading without the helper PORT names a private address. What the helper relates is accepted already.',
  },
  {
    name: 'ferm-port-21',
    by: 'ferm',
    need: every,
    why: 'A chain that logs and rejects. RELATED is accepted, no rule attaches the helper.',
  },
  {
    name: 'ferm-high-ports',
    by: 'ferm',
    need: every,
    why: 'Passive modes work by the high ports. Active ones need the helper: RELATED is accepted, by the old state match.',
  },
  {
    name: 'fwbuilder-port-21',
    by: 'Firewall Builder',
    need: passive,
    why: 'RELATED is accepted, no rule attaches the helper; RULE_2 logs and drops.',
  },
  {
    name: 'fwbuilder-reject-nat',
    by: 'Firewall Builder',
    need: every,
    why: 'SNAT. RELATED is accepted; the helper opens the passive port and rewrites the address in PORT.',
  },
  {
    name: 'pyroman-port-21',
    by: 'pyroman',
    need: passive,
    why: 'RELATED is accepted before the chain of the two networks, and no rule attaches the helper.',
  },
  {
    name: 'uruk-forward-port-21',
    by: 'Uruk',
    need: passive,
    why: 'RELATED is accepted, no rule attaches the helper.',
  },
  {
    name: 'arno-no-related',
    by: "arno's iptables firewall",
    need: passive,
    why: 'The helper is attached, and CONNTRACK_HELPER has lost the rule that accepts what it relates: the same again, for these two hosts.',
  },
  {
    name: 'docker-gateway',
    by: 'Docker, with rules in DOCKER-USER',
    need: [...passive, 'y-server/vsftpd/port'],
    why: 'Masquerading. Only ESTABLISHED is accepted, no rule attaches the helper; the rules belong beside those for port 21.',
  },
  {
    name: 'masquerade-counters',
    by: 'hand, iptables-save -c',
    need: ['y-workstation/vsftpd/pasv', 'y-workstation/vsftpd/port'],
    why: 'Masquerading, a log chain, rules with counters. RELATED is accepted, no rule attaches the helper.',
  },
  {
    name: 'old-state-no-related',
    by: 'hand, -m state and comments',
    need: passive,
    why: 'The helper is attached, RELATED is not accepted.',
  },
  {
    name: 'helper-on-wrong-port',
    by: 'hand',
    need: every,
    why: 'The helper is attached to port 2121, and the server listens on 21.',
  },
  {
    name: 'server-on-2121',
    by: 'hand',
    need: [
      'y-server/vsftpd-port-2121/pasv',
      'y-server/vsftpd-port-2121/epsv',
      'y-server/vsftpd-port-2121/port',
    ],
    why: 'The server listens on 2121, and the helper is attached to port 21 alone.',
  },
  {
    name: 'related-behind-reject',
    by: 'hand',
    need: passive,
    why: 'The rule that accepts RELATED stands behind the one that rejects high ports.',
  },
  {
    name: 'read-only-mirror',
    by: 'hand',
    need: every,
    why: 'RELATED is accepted, no rule attaches the helper. STOR to another server is refused on purpose and has to stay so.',
  },
  {
    name: 'stateless',
    by: 'hand, no connection tracking',
    firewall: 'isa-x',
    need: ['x-workstation/pure-ftpd/pasv', 'x-workstation/pure-ftpd/epsv'],
    why: "Nothing is tracked, so no helper can follow: the server's range there, and answers from it back.",
  },
  {
    name: 'ftps-behind-helper',
    by: 'hand',
    need: ['y-workstation/vsftpd-tls/pasv/tls'],
    why: "The helper is attached, and cannot read an encrypted session: the server's range to that server.",
  },
  {
    name: 'port-21-forwarded',
    by: 'hand',
    need: published,
    why: '227 names the private address, and nothing publishes other ports. RELATED is accepted: attach the helper where clients call, for clients of any address.',
  },
  {
    name: 'firewalld-forward-port',
    by: 'firewalld',
    need: published,
    why: 'The same; FORWARD accepts RELATED first.',
  },
  {
    name: 'openwrt-redirect',
    by: 'OpenWrt',
    need: published,
    why: 'Helpers are assigned to what comes from lan alone. The table raw is there: one more rule for the outside address.',
  },
];

/** A gateway's file as text, below test/fix or, if a generator made it, test/truth. */
export function rulesOf({ name }: Gateway): Promise<string> {
  const own = new URL(`gateways/${name}.rules`, import.meta.url);
  const made = new URL(`../truth/generated/${name}.rules`, import.meta.url);
  const published = new URL(`../truth/published/${name}.rules`, import.meta.url);
  return readFile(made, 'utf8')
    .catch(() => readFile(published, 'utf8'))
    .catch(() => readFile(own, 'utf8'));
}

/** The patch that an expert wrote for it, as patch -p0 takes it. */
export function expertPatchOf({ name }: Gateway): Promise<string> {
  return readFile(new URL(`gateways/${name}.patch`, import.meta.url), 'utf8');
}
