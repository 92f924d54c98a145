import type { Step } from '../model/attempt.ts';
import type { Expectation, Verdict } from '../model/cell.ts';

/** The differences from the expectation, each as `field: expected X, got Y`; empty if there are none. */
export function differences(expected: Expectation, verdict: Verdict, steps: readonly Step[]): string[] {
  const found: string[] = [];
  for (const field of ['uploaded', 'cause', 'failedAt', 'firewall', 'rule'] as const)
    if (expected[field] !== undefined && expected[field] !== verdict[field])
      found.push(`${field}: expected ${expected[field]}, got ${verdict[field]}`);
  for (const [name, outcome] of Object.entries(expected.steps ?? {})) {
    const step = steps.find((candidate) => candidate.name === name);
    if (step?.outcome !== outcome) found.push(`${name}: expected ${outcome}, got ${step?.outcome}`);
  }
  return found;
}
