import { called } from '../model/names.ts';
import type { RulesPlace } from '../network/topology.ts';
import type { Case, Finding } from './finding.ts';
import { connectionFailures } from './stopped-packet.ts';
import { decidingRule, wayInWords, wayOf } from './way.ts';

/**
 * A rule refused a message by which IPv6 hosts on a link find each other, so that nobody could send a packet of the connection to the
 * next host (RFC 4861 section 7.2): at the first firewall that its SYN, or the answer to that, did not pass.
 */
export function neighbourUnfound({ step, connection, evidence, lineOf, names }: Case): Finding | undefined {
  const { neighbours = [], firewalls } = evidence;
  if (!connectionFailures.includes(step.failure) || !connection || neighbours.length === 0) return undefined;
  const passed = (name: RulesPlace, flags: string) =>
    connection.packets.some(
      ({ firewall, fate, ...packet }) => firewall === name && fate === 'sent' && packet.flags === flags,
    );
  /** The first that such a packet did not pass, and the one that it was to be sent to. */
  const stuckAt = (way: readonly RulesPlace[], flags: string) => {
    const place = way.findIndex((name) => !passed(name, flags));
    return place < 0 ? [] : way.slice(place, place + 2);
  };
  const way = connection.openedBy === 'client' ? firewalls : firewalls.toReversed();
  const packet = [...stuckAt(way, 'SYN'), ...stuckAt(way.toReversed(), 'SYN ACK')]
    .map((name) => neighbours.find(({ firewall }) => firewall === name))
    .find((found) => found !== undefined);
  if (!packet) return undefined;
  const toDecision = wayOf(packet, lineOf);
  const [where, place] = [wayInWords(toDecision), called(packet.firewall, names)];
  return {
    cause: `${connection.purpose}-dropped`,
    packet,
    circumstance: {
      kind: 'astray',
      way: 'unfound',
      how: `rule "${decidingRule(packet, toDecision)}" on ${place}${where === '' ? '' : ` (${where})`} refuses a neighbour ${packet.neighbour}, so ${place} and the next host do not find each other on their link, and no packet of IPv6 goes between them`,
    },
  };
}
