import { abuses } from '../model/pinhole.ts';
import type { Candidate, Ranking } from '../model/result/recommendation.ts';
import { atSameLines, dominates, totals } from './exposure-comparison.ts';

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
