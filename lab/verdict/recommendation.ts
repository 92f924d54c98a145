import type { CellResult } from '../model/cell.ts';
import type { Exposure } from '../model/exposure.ts';
import { abuses } from '../model/pinhole.ts';
import type { FirewallName } from '../network/topology.ts';
import { atSameLines, dominates, totals } from './exposure-comparison.ts';

/** A rule set that might do: the needed cells under it, and what it lets through where all of them upload. */
export interface Candidate {
  readonly name: string;
  readonly cells: readonly CellResult[];
  readonly exposure: Exposure | null;
}

/** A candidate under which every needed cell uploads. */
export interface Fix {
  readonly name: string;
  /** Open ports on all lines at which any of the fixes was measured, and on those of them that lead inwards. */
  readonly ports: number;
  readonly inbound: number;
  /** Holes that an FTP filter opens and nobody needs. */
  readonly abuses: number;
  readonly exposure: Exposure;
  /** The fix that lets through nothing that this one does not, and less; `null` for one that has no such other. */
  readonly dominatedBy: string | null;
}

/** The fixes, narrowest first, and the candidates that do not meet the need. */
export interface Ranking {
  readonly fixes: readonly Fix[];
  readonly failing: readonly Candidate[];
  /** On how many lines the fixes' ports were added up. */
  readonly lines: number;
}

/** What is recommended, and for what. */
export interface Recommendation extends Ranking {
  readonly before: string;
  /** The needed cells' paths. */
  readonly need: readonly string[];
  /** Steps in ISA's console per firewall from `before` to the first fix; `null` if they cannot be told. */
  readonly steps: Record<FirewallName, readonly string[]> | null;
  /** Firewalls that some needed cell crosses. */
  readonly onTheWay: readonly FirewallName[];
  /** The fix that costs are compared with, if it is among them: all high ports. */
  readonly yardstick: string;
}

/** Orders candidates by what they let through: holes that nobody needs first, then open ports, then inbound ones. */
export function rankCandidates(candidates: readonly Candidate[]): Ranking {
  const meeting = candidates.flatMap(({ name, exposure }) => (exposure ? [{ name, exposure }] : []));
  const lines = atSameLines(meeting.map(({ exposure }) => exposure));
  const fixes = meeting
    .map(({ name, exposure }, index) => ({
      name,
      exposure,
      ...totals(lines[index] ?? new Map()),
      abuses: abuses(exposure.pinholes).length,
    }))
    .sort((a, b) => a.abuses - b.abuses || a.ports - b.ports || a.inbound - b.inbound);
  return {
    fixes: fixes.map((fix) => ({
      ...fix,
      dominatedBy:
        fixes.find((other) => other !== fix && dominates(other.exposure, fix.exposure))?.name ?? null,
    })),
    failing: candidates.filter(({ exposure }) => exposure === null),
    lines: lines[0]?.size ?? 0,
  };
}
