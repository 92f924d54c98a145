/*
 * What to add to a file so that one packet of an upload passes: the narrowest rule for it, in front of the line that refused
 * it. Which attempts are made again, and what they come to, is for others to see.
 */
import { addressOf, portOf } from '../../model/endpoint.ts';
import type { ConnectionEvidence, ConnectionPacket } from '../../model/evidence.ts';
import type { FixStrategy } from '../../model/vocabulary.ts';
import type { PortRange } from '../../network/topology.ts';
import type { SavedRule } from '../iptables-save.ts';
import { isBuiltIn, tableNames } from '../iptables-syntax.ts';
import { wayToDecision } from '../rule-lines.ts';
import type { AddedRule } from './edit-rules.ts';

/** A refused packet and what is known of its upload. */
export interface RefusedUpload {
  /** Addresses of the two ends, as the firewall's FORWARD chain sees them. */
  readonly client: string;
  readonly server: string;
  /** TCP port of the control connection. */
  readonly port: number;
  /** Ports that the server draws passive data ports from. */
  readonly range: PortRange;
  readonly connection: ConnectionEvidence;
  readonly packet: ConnectionPacket;
  /** Whether the kernel's FTP helper reads the control connection. */
  readonly helped: boolean;
  /** The file's line that a rule in force comes from. */
  readonly find: (rule: { table: string; chain: string; rule: string }) => SavedRule | undefined;
}

const established = '-m conntrack --ctstate ESTABLISHED';

/** Rules that let the packet pass, or `undefined` if no rule of that strategy can. Pure. */
export function repairsFor(upload: RefusedUpload, strategy: FixStrategy): AddedRule[] | undefined {
  const place = placeOf(upload);
  if (!place) return undefined;
  const { packet, connection } = upload;
  if (packet.protocol === 'icmp') return [{ ...place, ...icmpError(upload) }];
  if (!packet.flags.includes('SYN') || packet.flags.includes('ACK'))
    return place.stateful ? [{ ...place, ...ofKnownConnection(upload) }] : undefined;
  if (connection.purpose === 'control') return [{ ...place, ...controlConnection(upload, place.stateful) }];
  if (strategy === 'range') {
    // In active mode that would open all of the client's high ports.
    return connection.openedBy === 'client'
      ? [{ ...place, ...passiveRange(upload, place.stateful) }]
      : undefined;
  }
  if (!place.stateful) return undefined;
  // With the helper at work a rule that the file has already may let the connection pass.
  return upload.helped ? [{ ...place, ...negotiated(upload) }] : [helper(upload)];
}

type InsertionPoint = Pick<AddedRule, 'table' | 'chain' | 'before'> & {
  /** Whether connection tracking has seen the packet there: in table raw it has not (iptables(8), "tables"). */
  readonly stateful: boolean;
};

/** In front of the rule of the built-in chain by which the packet came to the one that refused it. */
function placeOf({ packet, find }: RefusedUpload): InsertionPoint | undefined {
  const { decision } = packet;
  const table = tableNames.find((name) => name === decision?.table);
  if (!decision || !table) return undefined;
  const [first] = wayToDecision(packet.met, decision);
  const chain = first?.chain ?? decision.chain;
  if (!isBuiltIn(table, chain)) return undefined;
  const rule = first?.rule ?? null;
  const line = rule === null ? null : (find({ table, chain, rule })?.line ?? undefined);
  return line === undefined ? undefined : { table, chain, before: line, stateful: table !== 'raw' };
}

type Rule = Pick<AddedRule, 'rule' | 'purpose'>;

function controlConnection({ client, server, port }: RefusedUpload, stateful: boolean): Rule {
  const state = stateful ? '-m conntrack --ctstate NEW ' : '';
  return {
    rule: `-s ${client}/32 -d ${server}/32 -p tcp -m tcp --dport ${port} ${state}-j ACCEPT`,
    purpose: 'FTP control connection',
  };
}

function helper({ client, server, port }: RefusedUpload): AddedRule {
  return {
    table: 'raw',
    chain: 'PREROUTING',
    before: null,
    rule: `-s ${client}/32 -d ${server}/32 -p tcp -m tcp --dport ${port} -j CT --helper ftp`,
    purpose: 'FTP helper',
  };
}

/** Either end may be the one that opens it: the client in passive mode, the server in active mode. */
function negotiated({ client, server, connection }: RefusedUpload): Rule {
  const [from, to] = connection.openedBy === 'client' ? [client, server] : [server, client];
  return {
    rule: `-s ${from}/32 -d ${to}/32 -p tcp -m tcp --dport 1024:65535 -m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT`,
    purpose: 'FTP data connection, negotiated',
  };
}

function passiveRange({ client, server, range }: RefusedUpload, stateful: boolean): Rule {
  const state = stateful ? '-m conntrack --ctstate NEW ' : '';
  return {
    rule: `-s ${client}/32 -d ${server}/32 -p tcp -m tcp --dport ${range.join(':')} ${state}-j ACCEPT`,
    purpose: 'FTP data connection, passive range',
  };
}

/** A packet amid a connection that was let in: an answer, a command, data. */
function ofKnownConnection({ client, server, connection, packet }: RefusedUpload): Rule {
  const fromClient = addressOf(packet.source) === client;
  const [from, to] = fromClient ? [client, server] : [server, client];
  const toOpened = fromClient === (connection.openedBy === 'client');
  const port = connection.purpose === 'control' ? portOf(connection.destination) : '1024:65535';
  return {
    rule: `-s ${from}/32 -d ${to}/32 -p tcp -m tcp --${toOpened ? 'dport' : 'sport'} ${port} ${established} -j ACCEPT`,
    purpose:
      connection.purpose === 'control' ? 'FTP control connection, established' : 'FTP data, established',
  };
}

/** Without the message a sender goes on with packets that are too large (RFC 1191). */
function icmpError({ client, server, packet }: RefusedUpload): Rule {
  const to = addressOf(packet.destination) === server ? server : client;
  return {
    rule: `-d ${to}/32 -p icmp -m icmp --icmp-type 3/4 -m conntrack --ctstate RELATED -j ACCEPT`,
    purpose: 'Path MTU',
  };
}
