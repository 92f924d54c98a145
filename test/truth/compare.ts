import type { TransferMode } from '../../lab/model/attempt.ts';
import type { Verdict } from '../../lab/model/cell.ts';
import type { Expected, Outcome } from './entry.ts';

/** What the lab said in one transfer mode, as far as an expectation speaks of it. */
export type Answer = Pick<Verdict, 'uploaded' | 'cause' | 'firewall' | 'rule' | 'failedAt' | 'sentence'>;

/** What the lab made of a file: answers, a refusal (message and hint), or an error that is neither. */
export type Result =
  | { readonly kind: 'answers'; readonly answers: ReadonlyMap<TransferMode, Answer> }
  | { readonly kind: 'refusal'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string };

/** Something that the lab did not get right. */
export interface Miss {
  /** `null`: it is about the whole file. */
  readonly mode: TransferMode | null;
  readonly expected: string;
  readonly got: string;
}

/** Where a result differs from what was expected; empty where it does not. */
export function misses(expected: Expected, result: Result): Miss[] {
  if ('refused' in expected) {
    const wanted = `a refusal that says ${expected.refused}`;
    if (result.kind !== 'refusal') return [{ mode: null, expected: wanted, got: inWords(result) }];
    return expected.refused.test(result.message)
      ? []
      : [{ mode: null, expected: wanted, got: result.message }];
  }
  if (result.kind !== 'answers') return [{ mode: null, expected: 'verdicts', got: inWords(result) }];
  return Object.entries(expected).flatMap(([name, outcome]) => {
    const mode = name as TransferMode;
    const answer = result.answers.get(mode);
    if (answer && isRight(outcome, answer)) return [];
    return [{ mode, expected: outcomeInWords(outcome), got: answer ? answerInWords(answer) : 'no verdict' }];
  });
}

function isRight(outcome: Outcome, answer: Answer): boolean {
  return (['uploaded', 'cause', 'firewall', 'rule', 'failedAt'] as const).every((field) => {
    const wanted = outcome[field];
    if (wanted === undefined) return true;
    return Array.isArray(wanted) ? wanted.includes(answer[field]) : wanted === answer[field];
  });
}

function inWords(result: Result): string {
  if (result.kind !== 'answers') return `${result.kind}: ${result.message}`;
  return [...result.answers].map(([mode, answer]) => `${mode} ${answerInWords(answer)}`).join('; ');
}

function outcomeInWords({ uploaded, cause, firewall, rule, failedAt }: Outcome): string {
  if (uploaded) return 'up';
  const or = (value: string | readonly string[]) => [value].flat().join(' or ');
  const named = rule === undefined ? '' : rule === null ? ', no rule' : `, "${or(rule)}"`;
  const where = firewall === undefined ? '' : firewall === null ? ', no firewall' : ` on ${firewall}`;
  return `${or(cause)}${failedAt ? ` at ${failedAt}` : ''}${named}${where}`;
}

/** A verdict as far as an expectation speaks of it. */
export function answerInWords({ uploaded, cause, firewall, rule, failedAt }: Answer): string {
  return outcomeInWords({
    uploaded,
    cause,
    firewall,
    rule,
    ...(failedAt && { failedAt: failedAt as never }),
  });
}
