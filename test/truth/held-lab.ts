import type { EngineKind } from '../../lab/engine/engine.ts';
import { type Lab, startLab } from '../../lab/index.ts';
import type { CorpusNetwork } from './network.ts';

/** A lab for the corpus that can be given up and started again. */
export class HeldLab implements AsyncDisposable {
  #lab: Lab | undefined;

  constructor(
    readonly network: CorpusNetwork,
    readonly options: { readonly name: string; readonly keep?: boolean; readonly kind?: EngineKind },
  ) {}

  /** The lab, brought up at the first call. */
  async get(): Promise<Lab> {
    this.#lab ??= await startLab({
      ...this.options,
      own: this.network.own,
      progress: (line) => console.error(line),
    });
    return this.#lab;
  }

  /** Lets go of the lab, attempts under way included; the next call of `get` connects again. */
  async giveUp(): Promise<void> {
    const lab = this.#lab;
    this.#lab = undefined;
    await lab?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.giveUp();
  }
}
