import type { Step } from '../model/attempt.ts';
import type { Expectation, Verdict } from '../model/cell.ts';
import { called, type Names } from '../model/names.ts';

/** The differences from the expectation, each as `field: expected X, got Y`; empty if there are none. */
export function differences(
  expected: Expectation,
  verdict: Verdict,
  steps: readonly Step[],
  names?: Names,
): string[] {
  const found: string[] = [];
  const shown = (field: string, value: unknown) =>
    field === 'firewall' ? called(String(value), names) : String(value);
  for (const field of ['uploaded', 'cause', 'failedAt', 'firewall', 'rule'] as const)
    if (expected[field] !== undefined && expected[field] !== verdict[field])
      found.push(`${field}: expected ${shown(field, expected[field])}, got ${shown(field, verdict[field])}`);
  for (const [name, outcome] of Object.entries(expected.steps ?? {})) {
    const step = steps.find((candidate) => candidate.name === name);
    if (step?.outcome === outcome) continue;
    const reply = step?.reply ? ` (${step.reply})` : '';
    found.push(`${name}: expected ${outcome}, got ${step?.outcome}${reply}`);
  }
  return found;
}
