import { countOf, type Exposure, summarize } from '../../lab/model/exposure.ts';
import type { PortRange } from '../../lab/network/topology.ts';

/** An exposure with one path outward from Y and one inward to it. */
export function exposed(
  ruleSet: string,
  outward: readonly PortRange[],
  inward: readonly PortRange[],
): Exposure {
  const line = { sourcePort: 40000, firewalls: ['isa-y'] } as const;
  const measured = [
    { ...line, from: 'y-server', to: 'vsftpd', networks: ['y', 'external'], open: outward },
    { ...line, from: 'vsftpd', to: 'y-server', networks: ['external', 'y'], open: inward },
  ] as const;
  const lines = measured.map((one) => ({
    ...one,
    alike: [[one.from], [one.to]] as const,
    ports: countOf(one.open),
    arrivedAt: [one.to],
  }));
  return summarize(ruleSet, [{ lines, pinholes: [] }], { probes: 131_070, ms: 1000, mayVary: false });
}
