/*
 * What to add to a file so that one packet of an upload passes: the narrowest rule for it. Which attempts are made again, and
 * what they come to, is for others to see.
 */
import { addressOf, portOf } from '../../model/endpoint.ts';
import type { ConnectionEvidence, ConnectionPacket } from '../../model/evidence.ts';
import { does, isOfIptables } from '../../model/rule-text.ts';
import type { FixStrategy } from '../../model/vocabulary.ts';
import type { PortRange } from '../../network/topology.ts';
import { valuesOf } from '../iptables-syntax.ts';
import type { CalledAt } from '../published.ts';
import { wayToDecision } from '../rule-lines.ts';
import { isUntracked, placeFor } from './placement.ts';
import type { Ground, Place, Repair, State } from './repair.ts';

/** An upload that fails, and what is known of it. */
export interface FailedUpload {
  readonly ground: Ground;
  /** Addresses of the two ends, as the chains that decide see them; `null` for clients of any address. */
  readonly client: string | null;
  readonly server: string;
  /** Where clients call the server, if the firewall publishes it. */
  readonly published: CalledAt | null;
  /** TCP port of the control connection. */
  readonly port: number;
  /** By which the client's packets come in: OUTPUT if the rules are the client's own, else PREROUTING. */
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
export function repairsFor(upload: FailedUpload, strategy: FixStrategy): Repair[] | undefined {
  const { refused, control, client, server, port, range, entrance } = upload;
  const isData = refused === null || refused.connection.purpose !== 'control';
  const canFollow = strategy === 'helper' && !upload.tls && !control.some(isUntracked);
  const both = (rule: Omit<Repair, 'place' | 'entrance'>, place: Place | null = null): Repair[] => [
    { ...rule, place, entrance },
  ];
  // Of a helper only sessions from then on are read; with it at work a rule that the file has already may be enough.
  if (isData && canFollow && !isHelped(upload)) return both(helper(upload));
  if (refused === null) return undefined;
  const { packet, connection } = refused;
  const sameWay = control.find(
    ({ source, fate }) => fate === 'sent' && addressOf(source) === addressOf(packet.source),
  );
  const found = placeFor(packet, isData ? sameWay : undefined, upload.ground);
  if (!found || isReadOnly(packet)) return undefined;
  const stateful = found.isTracked && !isUntracked(packet);
  const { place } = found;
  const opening = { from: client, to: server, states: stateful ? (['new'] as const) : [] };
  if (packet.protocol === 'icmp') return both(icmpError(upload, packet), place);
  if (!packet.flags.includes('SYN') || packet.flags.includes('ACK'))
    return both(knownConnection(upload, connection, packet, strategy, stateful), place);
  if (!isData)
    return both(
      accepting({ ...opening, of: { destination: [port, port] } }, 'FTP control connection'),
      place,
    );
  // Address translation decides before the filter does.
  const { published } = upload;
  if (published && strategy === 'range' && addressOf(packet.destination) === published.address)
    return connection.openedBy === 'client' ? both(publishedRange(upload, published)) : undefined;
  if (strategy === 'helper')
    return canFollow && stateful ? both(negotiated(upload, connection, 'related'), place) : undefined;
  // In active mode that would open all of the client's high ports.
  return connection.openedBy === 'client'
    ? both(accepting({ ...opening, of: { destination: range } }, 'FTP data, passive range'), place)
    : undefined;
}

/** Whether the kernel's FTP helper reads the control connection. */
function isHelped({ control }: FailedUpload): boolean {
  return control.some(({ met }) => met.some(({ rule }) => rule !== null && does('helper', rule)));
}

/** Whether a rule that reads what is in a packet refused it: Read Only, as somebody wanted it. */
function isReadOnly({ met, decision }: ConnectionPacket): boolean {
  const rule = decision && wayToDecision(met, decision).at(-1)?.rule;
  if (!rule) return false;
  return isOfIptables(rule)
    ? valuesOf(rule.split(' '), '-m', '--match').some((match) => /^(?:string|u32|bpf)$/.test(match))
    : /@(?:ih|th|nh|ll),/.test(rule);
}

/** Every port that neither end needs a privilege for. */
const unprivileged: PortRange = [1024, 65535];

type Rule = Omit<Repair, 'place' | 'entrance'>;

function accepting(packets: Omit<Rule, 'does' | 'purpose'>, purpose: string): Rule {
  return { ...packets, does: 'accept', purpose };
}

function helper({ client, server, port, published }: FailedUpload): Rule {
  const called = published ?? { address: server, port };
  return {
    from: client,
    to: called.address,
    of: { destination: [called.port, called.port] },
    states: [],
    does: 'follow',
    purpose: 'FTP helper',
  };
}

/** The server has to announce the published address too, which the firewall cannot make it do. */
function publishedRange({ client, server, range }: FailedUpload, { address }: CalledAt): Rule {
  return {
    from: client,
    to: address,
    of: { destination: range },
    states: [],
    does: { publish: server },
    purpose: 'FTP data, passive range published',
  };
}

/** Either end may be the one that opens it: the client in passive mode, the server in active mode. */
function negotiated({ client, server }: FailedUpload, { openedBy }: ConnectionEvidence, state: State): Rule {
  const [from, to] = openedBy === 'client' ? [client, server] : [server, client];
  const of = { destination: unprivileged };
  return accepting({ from, to, of, states: [state], followed: true }, 'FTP data, negotiated');
}

/** A packet amid a connection that was let in: an answer, a command, data. */
function knownConnection(
  upload: FailedUpload,
  connection: ConnectionEvidence,
  { source }: ConnectionPacket,
  strategy: FixStrategy,
  stateful: boolean,
): Rule {
  const { client, server, range } = upload;
  const isControl = connection.purpose === 'control';
  const byServer = addressOf(source) === server;
  const [from, to] = byServer ? [server, client] : [client, server];
  const toOpened = byServer === (connection.openedBy === 'server');
  const followed = !isControl && strategy === 'helper' && stateful;
  if (followed && toOpened) return negotiated(upload, connection, 'established');
  const ranged = connection.openedBy === 'client' && strategy === 'range';
  const called = Number(portOf(connection.destination));
  const ports: PortRange = isControl ? [called, called] : ranged ? range : unprivileged;
  // Without connection tracking only a SYN tells a connection that begins.
  const amid = stateful ? { states: ['established'] as const } : { states: [], amid: true as const };
  return accepting(
    {
      from,
      to,
      of: toOpened ? { destination: ports } : { source: ports },
      ...amid,
      ...(followed && { followed }),
    },
    isControl ? 'FTP control connection, established' : 'FTP data, established',
  );
}

/** Without the message a sender goes on with packets that are too large (RFC 1191). */
function icmpError({ client, server }: FailedUpload, { destination }: ConnectionPacket): Rule {
  const to = addressOf(destination) === server ? server : client;
  return accepting({ from: null, to, of: 'path-mtu', states: ['related'] }, 'Path MTU');
}
