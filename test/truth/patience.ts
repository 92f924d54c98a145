/** Whether the lab says the same if it does not end a client's waits by the trace, but lets it wait. */
import { allClosed } from '../../scenarios/all-closed.ts';
import { answerInWords, type Result } from './compare.ts';
import type { HeldLab } from './held-lab.ts';
import { type Chosen, resultOf } from './run-corpus.ts';

/** An entry that was tried both ways. */
export interface BothWays {
  readonly name: string;
  /** What differs, a line for each transfer mode; empty if nothing does. */
  readonly differences: readonly string[];
  /** How long each way took, in milliseconds. */
  readonly fastMs: number;
  readonly patientMs: number;
}

/**
 * Tries an entry as usual, and once more with clients that wait `patience` milliseconds for each answer. What the rules remember
 * of the first way is forgotten between the two.
 */
export async function bothWays(
  held: HeldLab,
  { entry }: Chosen,
  limit: number,
  patience: number,
): Promise<BothWays> {
  const timed = async (wait?: number) => {
    await (await held.get()).load(allClosed.ruleSet);
    const begun = performance.now();
    const result = await resultOf(held, entry, limit, wait);
    return { result, ms: Math.round(performance.now() - begun) };
  };
  const fast = await timed();
  const patient = await timed(patience);
  return {
    name: entry.name,
    differences: differencesBetween(fast.result, patient.result),
    fastMs: fast.ms,
    patientMs: patient.ms,
  };
}

/** Where two results differ in whether the upload works, the step that fails, the cause, the firewall or the rule. */
export function differencesBetween(fast: Result, patient: Result): string[] {
  if (fast.kind !== 'answers' || patient.kind !== 'answers')
    return fast.kind === patient.kind ? [] : [`fast: ${fast.kind}; patient: ${patient.kind}`];
  return [...fast.answers].flatMap(([mode, answer]) => {
    const other = patient.answers.get(mode);
    const [one, two] = [answerInWords(answer), other ? answerInWords(other) : 'no verdict'];
    return one === two ? [] : [`${mode}: fast: ${one}; patient: ${two}`];
  });
}
