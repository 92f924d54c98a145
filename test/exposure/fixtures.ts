import { countOf, type Exposure, type MeasuredLine, type Target } from '../../lab/model/exposure.ts';
import { type PinholeTest, pinholeRequests } from '../../lab/model/pinhole.ts';
import {
  type ClientName,
  firewallNames,
  firewallsFrom,
  legsOf,
  type PortRange,
  placeOf,
  type ServerName,
} from '../../lab/network/topology.ts';

/** A path with the ports that arrived; its target represents those in `alike`. */
export function measured(
  from: ClientName | ServerName,
  to: Target,
  sourcePort: number,
  open: readonly PortRange[],
  alike: readonly Target[] = [to],
): MeasuredLine {
  const own = placeOf(from).subnet;
  const firewall = firewallNames().find((name) => name === to);
  const other = firewall ? (legsOf(firewall).inside?.subnet ?? '') : placeOf(to).subnet;
  const crossed = firewallsFrom(own, other);
  return {
    from,
    to,
    networks: [own, other],
    firewalls: crossed,
    alike: [[from], alike],
    sourcePort,
    open,
    ports: countOf(open),
    arrivedAt: open.length > 0 ? [to] : [],
  };
}

/** An exposure with paths from one source port. */
export function exposureOf(
  ruleSet: string,
  lines: readonly MeasuredLine[],
  pinholes: readonly PinholeTest[] = [],
): Exposure {
  const summary = { ports: 0, inbound: 0, probes: 65535 * lines.length, ms: 1000, mayVary: false };
  return { ruleSet, lines, pinholes, summary };
}

/** The result for a filter of isa-y: `opens` for the requests at these places, `closed` for the others. */
export function pinholesOf(opens: (request: (typeof pinholeRequests)[number]) => boolean): PinholeTest[] {
  return pinholeRequests.map((request) => ({
    ...request,
    firewall: 'isa-y',
    client: 'y-server',
    server: 'vsftpd',
    outcome: opens(request) ? 'opens' : 'closed',
  }));
}
