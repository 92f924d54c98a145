import { countOf, type Exposure, lineName, rangesText } from '../model/exposure.ts';
import type { Names } from '../model/names.ts';
import { abuses, bounces } from '../model/pinhole.ts';
import type { Candidate, Ranking } from '../model/result/recommendation.ts';
import { atSameLines, dominates, exposureChanges, totals } from './exposure-comparison.ts';
import { inOrderOfWorth } from './worth.ts';

/** A candidate, and the rules of the file in force that it does not have, one sentence each. */
export interface CandidateInstead extends Candidate {
  readonly rulesLost?: readonly string[];
}

/**
 * Orders candidates: those that lose nothing of what the file `before` lets through first, then by holes
 * to hosts that did not ask, then by open ports, or ports that `before` has closed, then by holes that nobody needs.
 */
export function rankCandidates(
  candidates: readonly CandidateInstead[],
  before: Exposure | null = null,
  names?: Names,
): Ranking {
  const meeting = candidates.flatMap(({ name, exposure, rulesLost = [] }) =>
    exposure ? [{ name, exposure, rulesLost }] : [],
  );
  const lines = atSameLines(meeting.map(({ exposure }) => exposure));
  const fixes = meeting
    .map(({ name, exposure, rulesLost }, index) => {
      const changes = before ? exposureChanges(before, exposure) : [];
      const closed = changes.filter((change) => change.closed.length > 0);
      const own = totals(lines[index] ?? new Map());
      return {
        name,
        exposure,
        ...own,
        abuses: abuses(exposure.pinholes).length,
        ...(before && {
          opened: countOf(changes.flatMap(({ opened }) => opened)),
          loses: [
            ...rulesLost,
            ...closed.map(({ line, closed }) => `TCP ${rangesText(closed)} from ${lineName(line, names)}`),
          ],
        }),
      };
    })
    .map((fix) => ({ fix, worth: worthOf(fix) }))
    .sort((a, b) => inOrderOfWorth(a.worth, b.worth) || a.fix.inbound - b.fix.inbound)
    .map(({ fix }) => fix);
  return {
    fixes: fixes.map((fix) => ({
      ...fix,
      dominatedBy:
        fixes.find((other) => other !== fix && dominates(other.exposure, fix.exposure))?.name ?? null,
    })),
    failing: candidates
      .filter(({ exposure }) => exposure === null)
      .map(({ name, cells, exposure }) => ({ name, cells, exposure })),
    lines: lines[0]?.size ?? 0,
  };
}

function worthOf(fix: Pick<Ranking['fixes'][number], 'loses' | 'abuses' | 'exposure' | 'opened' | 'ports'>) {
  const { loses = [], abuses: holes, exposure, ports, opened = ports } = fix;
  return {
    unmet: 0,
    lost: loses.length,
    bounces: bounces(exposure.pinholes).length,
    opened,
    holes,
    lines: 0,
  };
}
