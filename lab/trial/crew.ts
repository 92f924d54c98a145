import type { Engine } from '../engine/engine.ts';
import type { Expectation } from '../model/cell.ts';
import type { Scenario } from '../model/scenario.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import type { CompiledRules, Lab } from './lab.ts';
import { type RunOptions, runScenarios, type ScenarioResults } from './run-scenarios.ts';
import { type LabOptions, startLab } from './start-lab.ts';

/** A lab of a crew and the scenarios that are its share. */
interface Member {
  readonly engine: Engine;
  readonly lab: Lab;
  readonly share: readonly Scenario<Expectation | null>[];
}

/** What a lab of a crew is called: labs of one name would be one lab to whoever shares their state folder. */
export function memberName(crew: string, index: number): string {
  return `${crew}-${index + 1}`;
}

/** Whole labs on several engines that share a run. */
export class Crew implements AsyncDisposable {
  readonly #members: readonly Member[];

  /**
   * Starts a lab on each engine, for its share of scenarios each, all at the same time. Where one does not start the
   * others are let go, and its LabError, which then names the engine, is thrown.
   */
  static async start(
    shares: readonly { readonly engine: Engine; readonly share: Member['share'] }[],
    { name = 'ftplab', progress = () => undefined, ...options }: LabOptions,
  ): Promise<Crew> {
    const starts = await Promise.allSettled(
      shares.map(async ({ engine, share }, index): Promise<Member> => {
        const lab = await startLab({
          ...options,
          name: memberName(name, index),
          engine,
          progress: (message) => progress(`${engine.name}: ${message}`),
        });
        return { engine, lab, share };
      }),
    );
    const crew = new Crew(starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : [])));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed === undefined) return crew;
    await crew[Symbol.asyncDispose]();
    throw failed.reason;
  }

  private constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /** The addresses of the first lab; the others have the same unless something is in the way there. */
  get plan(): AddressPlan {
    const [first] = this.#members;
    if (first === undefined) throw new Error('The crew has no labs');
    return first.lab.plan;
  }

  /** The rules that were last in force under that name, in whichever lab. */
  loaded(ruleSet: string): CompiledRules | undefined {
    return this.#members.map(({ lab }) => lab.loaded(ruleSet)).find((rules) => rules !== undefined);
  }

  /** Each lab runs its share, with the controls; the results come in the order of `scenarios`. */
  async run(
    scenarios: readonly Scenario<Expectation | null>[],
    options: RunOptions,
  ): Promise<ScenarioResults> {
    const failure = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
    const runs = this.#members.map(async ({ engine, lab, share }) => {
      try {
        return { engine, results: await runScenarios(lab, share, { ...options, signal }) };
      } catch (error) {
        failure.abort(error);
        throw error;
      }
    });
    const done = await Promise.all(runs);
    const cells = done.flatMap(({ results }) => results.cells);
    const reasons = done.flatMap(({ engine, results }) =>
      results.void === null ? [] : [`${engine.name}: ${results.void}`],
    );
    return {
      cells: scenarios.flatMap(({ ruleSet }) => cells.filter((cell) => cell.ruleSet === ruleSet.name)),
      void: reasons.length === 0 ? null : reasons.join('; '),
      skipped: done.flatMap(({ results }) => results.skipped),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ends = await Promise.allSettled(this.#members.map(({ lab }) => lab[Symbol.asyncDispose]()));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}
