import { addressOf, opens } from '../model/endpoint.ts';
import { type ConnectionEvidence, type ConnectionPacket, readdressed } from '../model/evidence.ts';
import { called } from '../model/names.ts';
import { type LossReason, queueingRule, type RuleMet } from '../model/packet.ts';
import { does } from '../model/rule-text.ts';
import type { WayAstray } from '../model/vocabulary.ts';
import type { Case, Finding, Known } from './finding.ts';
import { connectionFailures } from './stopped-packet.ts';

/*
 * A SYN that no rule refused and that came to nothing: the kernel lost it or answered it itself, or a rule turned it, or the
 * answer to it, elsewhere.
 */

export function goneAstray(found: Case): Finding | undefined {
  const { step, connection, known } = found;
  if (!connectionFailures.includes(step.failure) || !connection || !known) return undefined;
  const { packets, purpose } = connection;
  const stranger = strangerTo(found, connection);
  if (stranger) return stranger;
  // Whoever has an answer had it from the right one.
  if (packets.some(({ flags, fate }) => flags === 'SYN ACK' && fate === 'sent')) return undefined;
  for (const packet of packets.filter(opens)) {
    const isAnswer = packet.flags.includes('ACK');
    const astray = isAnswer ? answerAstray(packet, found, known) : wayOf(packet, found, known);
    if (!astray) continue;
    // Whoever sent the SYN is not told what becomes of the answer to it.
    const told =
      !isAnswer &&
      (astray.told ??
        packets.some(({ flags, unreachable }) => unreachable !== null || flags.includes('RST')));
    return {
      cause: `${purpose}-${told ? 'refused' : 'dropped'}`,
      packet,
      ...(astray.rule && { rule: nameOf(astray.rule) }),
      circumstance: { kind: 'astray', way: astray.way, how: astray.how },
    };
  }
  return undefined;
}

/**
 * The server turned a data connection down (RFC 959 section 4.2.1: 425) that a rule let come from another address than the
 * control connection, as servers do against port theft (RFC 2577 section 7).
 */
function strangerTo(
  { step, controls, cell, names }: Case,
  { packets }: ConnectionEvidence,
): Finding | undefined {
  if (step.code !== 425) return undefined;
  for (const packet of packets.filter(({ flags, fate }) => flags === 'SYN' && fate === 'sent')) {
    const control = controls
      .flatMap((one) => one.packets)
      .find(
        ({ flags, firewall, fate }) => flags === 'SYN' && firewall === packet.firewall && fate === 'sent',
      );
    if (!control || sentFrom(control) === sentFrom(packet)) continue;
    const [ofData, ofControl] = [turnedBy(packet, 'source'), turnedBy(control, 'source')];
    const rule = ofData ?? ofControl;
    if (!rule) continue;
    const from = { data: sentFrom(packet), control: sentFrom(control) };
    const [given, other] = ofData ? (['data', 'control'] as const) : (['control', 'data'] as const);
    return {
      cause: 'data-refused',
      packet,
      rule: nameOf(rule),
      circumstance: {
        kind: 'astray',
        way: 'other-source',
        how: `${quotedRule(rule)} on ${called(packet.firewall, names)} makes the ${given} connection come from ${from[given]}, but the ${other} connection comes from ${from[other]}, and ${called(cell.server, names)} refuses data connections from any other address`,
      },
    };
  }
  return undefined;
}

/**
 * What the server seems to have said or done, if a rule turned one of the connections to another host, which answered: that host
 * said or did it.
 */
export function saidByAnother(finding: Finding, { controls, connection, known, cell, names }: Case): Finding {
  if (!known || finding.packet) return finding;
  const openings = [...controls, ...(connection?.purpose === 'data' ? [connection] : [])].flatMap(
    ({ packets, purpose }) =>
      packets
        .filter(({ flags, fate }) => flags === 'SYN' && fate === 'sent')
        .map((packet) => ({ packet, purpose })),
  );
  for (const { packet, purpose } of openings) {
    const rule = turnedBy(packet, 'destination');
    const to = packet.translated && addressOf(packet.translated.destination);
    if (!rule || !to || known.ends.includes(to) || !known.everybody.includes(to)) continue;
    return {
      ...finding,
      packet,
      rule: nameOf(rule),
      circumstance: {
        kind: 'astray',
        way: 'turned',
        how: `${quotedRule(rule)} on ${called(packet.firewall, names)} redirects the ${purpose} connection to ${to}, and that host answers instead of ${called(cell.server, names)}`,
      },
    };
  }
  return finding;
}

/**
 * The data connection of a published server that announces in 227 the address that clients call: the kernel's FTP helper expects no
 * connection from a reply that names another address than its sender's (nf_conntrack_ftp.c, parameter `loose`).
 */
export function selfAnnounced(
  packet: ConnectionPacket,
  { connection, controls, cell, names }: Case,
): Finding | undefined {
  if (cell.mode !== 'pasv' || connection?.openedBy !== 'client' || packet.translated) return undefined;
  const address = addressOf(connection.destination);
  const control = readdressed(
    controls.flatMap(({ packets }) => packets).filter(({ firewall }) => firewall === packet.firewall),
  );
  const helped = control?.packet.met.some(({ rule }) => rule !== null && does('helper', rule));
  if (!helped || control?.called !== address) return undefined;
  const firewall = called(packet.firewall, names);
  const rejected = packet.decision?.action === 'reject';
  return {
    cause: rejected ? 'data-refused' : 'data-dropped',
    packet,
    circumstance: {
      kind: 'astray',
      way: 'unexpected',
      how: `rule "${packet.decision?.rule ?? ''}" on ${firewall} ${rejected ? 'rejected' : 'dropped'} it, and the FTP helper there did not open it, because ${called(cell.server, names)} itself announces ${address} and not its own address ${control.own}`,
    },
  };
}

/** The server announced its private address in 227, and the firewall that publishes it at another one let that pass as it was. */
export function privateAnnounced({
  controls,
  cell,
  names,
  evidence,
}: Case): Pick<Finding, 'circumstance'> | undefined {
  const published = readdressed(controls.flatMap(({ packets }) => packets));
  if (!published) return undefined;
  const words = `${published.own.replaceAll('.', ',')},`;
  if (!evidence.transcript.some(({ text }) => /^227\b/.test(text) && text.includes(words))) return undefined;
  return {
    circumstance: {
      kind: 'astray',
      way: 'untranslated',
      how: `${called(published.packet.firewall, names)} publishes ${called(cell.server, names)} at ${published.called}, and leaves its private address ${published.own} in the reply to PASV`,
    },
  };
}

/** The address that a packet comes from, address translation done. */
function sentFrom({ source, translated }: ConnectionPacket): string {
  return addressOf(translated?.source ?? source);
}

/** What became of the answer to a SYN. */
function answerAstray(packet: ConnectionPacket, found: Case, known: Known): Astray | undefined {
  if (packet.fate === 'lost') {
    const astray = lost(packet, found, known);
    return { ...astray, how: `the reply to it is lost: ${astray.how}` };
  }
  if (packet.fate !== 'local') return undefined;
  const firewall = called(packet.firewall, found.names);
  const tracked = packet.met.findLast(({ rule }) => rule !== null && does('tracking', rule));
  return {
    way: 'untracked',
    rule: tracked,
    how: `${firewall} keeps the reply to it instead of forwarding it, because its connection tracking does not know the connection${tracked ? ` (${quotedRule(tracked)} decides how it is tracked)` : ''}`,
  };
}

/** Addresses that no packet from a network may go to (RFC 1812 section 5.3.7). */
const martian = /^(0|127|2[2-5]\d)\./;

interface Astray {
  readonly way: WayAstray;
  readonly rule: RuleMet | undefined;
  /** Whether its sender is told at once. Default: if an answer that says so was seen. */
  readonly told?: boolean;
  /** What became of the packet, for a sentence that has named it. */
  readonly how: string;
}

function wayOf(packet: ConnectionPacket, found: Case, known: Known): Astray | undefined {
  switch (packet.fate) {
    case 'lost':
      return lost(packet, found, known);
    case 'local':
      return takenByFirewall(packet, found);
    case 'sent':
      return sentElsewhere(packet, found, known);
    default:
      return undefined;
  }
}

/** What the kernel's counters say. */
const whyLost: Record<LossReason, string> = {
  'reverse-path-filter': 'reverse-path filter, rp_filter: the reply would leave by another interface',
  'no-route': 'no route',
  'not-forwarding': 'it does not forward, ip_forward is 0, or the address cannot be reached from there',
  'table-full': 'the connection tracking table is full, nf_conntrack_max',
};

function lost(packet: ConnectionPacket, { connection, names }: Case, known: Known): Astray {
  const { lostAt, lostBy } = packet;
  const firewall = called(packet.firewall, names);
  const errors = (connection?.packets ?? []).filter((seen) => seen.own && seen.firewall === packet.firewall);
  const lowered = packet.met.findLast(({ rule }) => rule !== null && does('TTL', rule));
  if (errors.some(({ unreachable }) => unreachable?.timeExceeded))
    return {
      way: 'kernel',
      rule: lowered,
      how: lowered
        ? `its TTL expires at ${firewall}, after ${quotedRule(lowered)} set it`
        : `its TTL expires at ${firewall}`,
    };
  const queueing = queueingRule(packet);
  if (queueing)
    return {
      way: 'queued',
      rule: queueing,
      how: `${quotedRule(queueing)} on ${firewall} puts it in a queue that no program reads`,
    };
  const rule = turnedBy(packet, 'destination');
  const turned = rule ? `${quotedRule(rule)} on ${firewall} redirects it to ${targetOf(packet, rule)}, ` : '';
  if (lostAt === 'tracking')
    return {
      way: 'kernel',
      rule,
      how:
        lostBy === 'table-full'
          ? `${firewall}'s connection tracking dropped it, because its table is full (nf_conntrack_max)`
          : `${firewall}'s connection tracking dropped it, as it does when its table is full (nf_conntrack_max)`,
    };
  if (lostAt === 'leaving') {
    const nobody = !known.everybody.includes(targetOf(packet, rule));
    return {
      way: rule ? 'turned' : 'kernel',
      rule,
      // The firewall looks for the next host by ARP, and says after some three seconds that it found none (arp(7), mcast_solicit).
      told: false,
      how: rule
        ? `${turned}${nobody ? 'an address that no host has' : 'which does not receive it'}`
        : `every rule of ${firewall} lets it pass, but ${firewall} does not send it`,
    };
  }
  const told = errors.some(({ unreachable }) => unreachable !== null);
  if (rule)
    return {
      way: 'turned',
      rule,
      // The kernel tells of a missing route by ICMP, but not of each packet (net.ipv4.route.error_burst).
      told: !martian.test(targetOf(packet, rule)),
      how: `${turned}${!martian.test(targetOf(packet, rule)) ? `to which ${firewall} has no route` : 'an address that no packet on a network may have, so the kernel drops it silently'}`,
    };
  return {
    way: 'kernel',
    rule,
    how: told
      ? `${firewall} has no route for it`
      : `every rule of ${firewall} lets it pass, but the kernel drops it when it looks for a route (${lostBy === undefined ? 'reverse-path filter, or no route' : whyLost[lostBy]})`,
  };
}

function takenByFirewall(packet: ConnectionPacket, { controls, cell, connection, names }: Case): Astray {
  const firewall = called(packet.firewall, names);
  const [client, server] = [called(cell.client, names), called(cell.server, names)];
  const rule = turnedBy(packet, 'destination');
  if (rule)
    return {
      way: 'turned',
      rule,
      how: `${quotedRule(rule)} on ${firewall} redirects it to ${firewall} itself, which answers instead of ${connection?.openedBy === 'server' ? client : server}`,
    };
  // An active connection back to the address that hides the client.
  const hiding = controls
    .flatMap(({ packets }) => packets)
    .filter((seen) => seen.firewall === packet.firewall && seen.flags === 'SYN')
    .map((seen) => turnedBy(seen, 'source'))
    .find(Boolean);
  return {
    way: hiding ? 'called-back' : 'kernel',
    rule: hiding,
    how: hiding
      ? `${server} opens it to ${firewall}'s own address, behind which ${quotedRule(hiding)} hides ${client}, and ${firewall} answers instead of ${client}`
      : `it is addressed to ${firewall} itself, which answers`,
  };
}

/** A packet on its way to whom it was not meant for, or in the name of one who does not get the answer. */
function sentElsewhere(packet: ConnectionPacket, { names }: Case, known: Known): Astray | undefined {
  const { translated, source, destination } = packet;
  if (!translated) return undefined;
  const [from, to] = [addressOf(translated.source), addressOf(translated.destination)];
  const by = (rule: RuleMet) => `${quotedRule(rule)} on ${called(packet.firewall, names)}`;
  const rule = turnedBy(packet, 'destination');
  if (rule && to !== addressOf(destination) && !known.ends.includes(to))
    return {
      way: 'turned',
      rule,
      how: known.everybody.includes(to)
        ? `${by(rule)} redirects it to ${to}, and that host answers instead`
        : `${by(rule)} redirects it to ${to}, an address that no host has`,
    };
  const hiding = turnedBy(packet, 'source');
  if (hiding && from !== addressOf(source) && ![...known.ends, ...known.firewalls].includes(from))
    return {
      way: 'other-source',
      rule: hiding,
      how: `${by(hiding)} gives it the source address ${from}, which ${known.everybody.includes(from) ? 'another host' : 'no host'} has, so the reply does not come back`,
    };
  return undefined;
}

/** The rule that gave the packet another end. Destinations are given before sources: PREROUTING, POSTROUTING. */
function turnedBy({ met }: ConnectionPacket, end: 'source' | 'destination'): RuleMet | undefined {
  const turned = met.filter(
    ({ rule, verdict }) => verdict !== 'continue' && rule !== null && does(`new ${end}`, rule),
  );
  return end === 'destination' ? turned[0] : turned.at(-1);
}

/** The address that the packet has now, or that the rule gives it. */
function targetOf({ translated, destination }: ConnectionPacket, rule: RuleMet | undefined): string {
  if (translated) return addressOf(translated.destination);
  const [, given] = /(?:--to(?:-destination)?|\bdnat(?: ip)? to) (\d\S*)/.exec(rule?.rule ?? '') ?? [];
  return given ?? addressOf(destination);
}

function nameOf({ rule, comment }: RuleMet): string {
  return comment ?? rule ?? '';
}

function quotedRule(rule: RuleMet): string {
  return `rule "${nameOf(rule)}"`;
}
