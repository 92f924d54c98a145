/*
 * What to add to a file so that one packet of an upload passes: the narrowest rule for it. Which attempts are made again, and
 * what they come to, is for others to see.
 */
import { addressOf, portOf } from '../../model/endpoint.ts';
import type { ConnectionEvidence, ConnectionPacket } from '../../model/evidence.ts';
import type { FixStrategy } from '../../model/vocabulary.ts';
import type { PortRange } from '../../network/topology.ts';
import { valuesOf } from '../iptables-syntax.ts';
import type { CalledAt } from '../published.ts';
import { wayToDecision } from '../rule-lines.ts';
import type { AddedRule } from './edit-rules.ts';
import { type Ground, isUntracked, type Place, placeFor } from './placement.ts';

/** An upload that fails, and what is known of it. */
export interface FailedUpload extends Ground {
  /** Addresses of the two ends, as the chains that decide see them; `null` for clients of any address. */
  readonly client: string | null;
  readonly server: string;
  /** Where clients call the server, if the firewall publishes it. */
  readonly published: CalledAt | null;
  /** TCP port of the control connection. */
  readonly port: number;
  /** The chain of raw by which the client's packets come in: OUTPUT if the rules are the client's own, else PREROUTING. */
  readonly entrance: 'PREROUTING' | 'OUTPUT';
  /** Ports that the server draws passive data ports from. */
  readonly range: PortRange;
  /** Whether the session is encrypted, so that no helper can read it. */
  readonly tls: boolean;
  /** What the firewall saw of the control connection; empty if nothing is known. */
  readonly control: readonly ConnectionPacket[];
  /** The packet that the firewall refused, and its connection; `null` if it refused none and the client's address did not fit. */
  readonly refused: { readonly connection: ConnectionEvidence; readonly packet: ConnectionPacket } | null;
}

/** Rules that let the upload go further, or `undefined` if no rule of that strategy can. Pure. */
export function repairsFor(upload: FailedUpload, strategy: FixStrategy): AddedRule[] | undefined {
  const { refused, control } = upload;
  const isData = refused === null || refused.connection.purpose !== 'control';
  const canFollow = strategy === 'helper' && !upload.tls && !control.some(isUntracked);
  // Of a helper only sessions from then on are read; with it at work a rule that the file has already may be enough.
  if (isData && canFollow && !isHelped(upload)) return [helper(upload)];
  if (refused === null) return undefined;
  const { packet, connection } = refused;
  const sameWay = control.find(
    ({ source, fate }) => fate === 'sent' && addressOf(source) === addressOf(packet.source),
  );
  const place = placeFor(packet, isData ? sameWay : undefined, upload);
  if (!place || isReadOnly(packet)) return undefined;
  const stateful = place.table !== 'raw' && !isUntracked(packet);
  if (packet.protocol === 'icmp') return [{ ...place, ...icmpError(upload, packet) }];
  if (!packet.flags.includes('SYN') || packet.flags.includes('ACK'))
    return knownConnection(upload, place, connection, packet, strategy, stateful);
  if (!isData) return [{ ...place, ...controlConnection(upload, stateful) }];
  // Address translation decides before FORWARD does.
  const { published } = upload;
  if (published && strategy === 'range' && addressOf(packet.destination) === published.address)
    return connection.openedBy === 'client' ? [publishedRange(upload, published)] : undefined;
  if (strategy === 'helper')
    return canFollow && stateful ? [{ ...place, ...negotiated(upload, connection, 'RELATED') }] : undefined;
  // In active mode that would open all of the client's high ports.
  return connection.openedBy === 'client' ? [{ ...place, ...passiveRange(upload, stateful) }] : undefined;
}

/** Whether the kernel's FTP helper reads the control connection. */
function isHelped({ control }: FailedUpload): boolean {
  return control.some(({ met }) => met.some(({ rule }) => /\bhelper ftp\b/.test(rule ?? '')));
}

/** Whether a rule that reads what is in a packet refused it: Read Only, as somebody wanted it. */
function isReadOnly({ met, decision }: ConnectionPacket): boolean {
  const rule = decision && wayToDecision(met, decision).at(-1)?.rule;
  return rule
    ? valuesOf(rule.split(' '), '-m', '--match').some((match) => /^(?:string|u32|bpf)$/.test(match))
    : false;
}

type Rule = Pick<AddedRule, 'rule' | 'purpose'>;

function controlConnection({ client, server, port }: FailedUpload, stateful: boolean): Rule {
  const state = stateful ? '-m conntrack --ctstate NEW ' : '';
  return {
    rule: `${between(client, server)} -p tcp -m tcp --dport ${port} ${state}-j ACCEPT`,
    purpose: 'FTP control connection',
  };
}

/** The match of packets from one address to another; `null` is any. */
function between(from: string | null, to: string | null): string {
  return [...(from === null ? [] : [`-s ${from}/32`]), ...(to === null ? [] : [`-d ${to}/32`])].join(' ');
}

function helper({ client, server, port, published, entrance }: FailedUpload): AddedRule {
  const called = published ?? { address: server, port };
  return {
    table: 'raw',
    chain: entrance,
    before: null,
    rule: `${between(client, called.address)} -p tcp -m tcp --dport ${called.port} -j CT --helper ftp`,
    purpose: 'FTP helper',
  };
}

/** The server has to announce the published address too, which the firewall cannot make it do. */
function publishedRange({ client, server, range }: FailedUpload, { address }: CalledAt): AddedRule {
  return {
    table: 'nat',
    chain: 'PREROUTING',
    before: null,
    rule: `${between(client, address)} -p tcp -m tcp --dport ${range.join(':')} -j DNAT --to-destination ${server}`,
    purpose: 'FTP data, passive range published',
  };
}

/** Either end may be the one that opens it: the client in passive mode, the server in active mode. */
function negotiated({ client, server }: FailedUpload, { openedBy }: ConnectionEvidence, state: string): Rule {
  const [from, to] = openedBy === 'client' ? [client, server] : [server, client];
  return {
    rule: `${between(from, to)} -p tcp -m tcp --dport 1024:65535 -m conntrack --ctstate ${state} -m helper --helper ftp -j ACCEPT`,
    purpose: 'FTP data, negotiated',
  };
}

function passiveRange({ client, server, range }: FailedUpload, stateful: boolean): Rule {
  const state = stateful ? '-m conntrack --ctstate NEW ' : '';
  return {
    rule: `${between(client, server)} -p tcp -m tcp --dport ${range.join(':')} ${state}-j ACCEPT`,
    purpose: 'FTP data, passive range',
  };
}

/** A packet amid a connection that was let in: an answer, a command, data. */
function knownConnection(
  upload: FailedUpload,
  place: Place,
  connection: ConnectionEvidence,
  { source }: ConnectionPacket,
  strategy: FixStrategy,
  stateful: boolean,
): AddedRule[] {
  const { client, server, range } = upload;
  const isControl = connection.purpose === 'control';
  const byServer = addressOf(source) === server;
  const [from, to] = byServer ? [server, client] : [client, server];
  const toOpened = byServer === (connection.openedBy === 'server');
  const followed = !isControl && strategy === 'helper' && stateful;
  if (followed && toOpened) return [{ ...place, ...negotiated(upload, connection, 'ESTABLISHED') }];
  const ranged = connection.openedBy === 'client' && strategy === 'range';
  const ports = isControl ? portOf(connection.destination) : ranged ? range.join(':') : '1024:65535';
  // Without connection tracking only a SYN tells a connection that begins.
  const amid = stateful
    ? `-m conntrack --ctstate ESTABLISHED${followed ? ' -m helper --helper ftp' : ''}`
    : '! --tcp-flags FIN,SYN,RST,ACK SYN';
  return [
    {
      ...place,
      rule: `${between(from, to)} -p tcp -m tcp --${toOpened ? 'dport' : 'sport'} ${ports} ${amid} -j ACCEPT`,
      purpose: isControl ? 'FTP control connection, established' : 'FTP data, established',
    },
  ];
}

/** Without the message a sender goes on with packets that are too large (RFC 1191). */
function icmpError({ client, server }: FailedUpload, { destination }: ConnectionPacket): Rule {
  const to = addressOf(destination) === server ? server : client;
  return {
    rule: `${between(null, to)}${to === null ? '' : ' '}-p icmp -m icmp --icmp-type 3/4 -m conntrack --ctstate RELATED -j ACCEPT`,
    purpose: 'Path MTU',
  };
}
