import { appendFile } from 'node:fs/promises';
import { LabError } from '../errors.ts';
import type { RoundResult } from '../model/result/round.ts';
import { resultJson } from '../report/json.ts';
import { watched } from '../report/text/watched.ts';
import type { DemandOptions } from '../trial/demanded.ts';
import type { RulesOptions } from '../trial/read-rules.ts';
import type { Uploads } from '../trial/try.ts';
import { watch } from '../trial/watch.ts';
import type { Context } from './context.ts';
import { inView } from './in-view.ts';
import { checkDocuments, writeDocument } from './options/documents.ts';
import { reportError } from './report-error.ts';

/** Tries the uploads under a file's rules on each save, until the user interrupts it or nobody reads its output any more. */
export async function watchRules(
  file: string,
  request: RulesOptions & Uploads & DemandOptions,
  { keep, json }: { readonly keep?: true; readonly json?: string | undefined },
  context: Context,
): Promise<void> {
  const { output } = context;
  await checkDocuments({ json });
  if (json !== undefined) await writeDocument('json', json, '', output);
  const screen = new Screen(context, json);
  await inView(
    context,
    { keep },
    (view, live) =>
      watch(file, {
        ...request,
        ...view,
        signal: AbortSignal.any([view.signal, output.unread]),
        progress: (message) => (screen.begun ? live.waitFor(message) : view.progress?.(message)),
        onRound: (round) => screen.show(round),
        onIdle: () => live.waitFor(`Watching ${file}; Ctrl-C ends`),
      }),
    () => undefined,
  );
  context.endsByInterruption = true;
}

/** The last round and what it changed. On a terminal it replaces the former output; elsewhere it is added below. */
class Screen {
  readonly #context: Context;
  #last: RoundResult | undefined;
  #before: RoundResult | undefined;
  /** Whether anything was shown. */
  begun = false;

  constructor(
    context: Context,
    /** Where each round goes as a line of JSON; `-` is standard output, which then carries nothing else. */
    readonly json: string | undefined,
  ) {
    this.#context = context;
  }

  async show(round: RoundResult): Promise<void> {
    const style = this.#context.output.styleFor(this.#context);
    const refused = round.error ? reportError(errorOf(round.error), false).lines : [];
    if (!round.error) {
      this.#before = this.#last;
      this.#last = round;
    }
    const told = refused.length > 0 && this.#last ? [...refused, 'Results before that:'] : refused;
    this.#draw(this.#last ? watched(this.#last, this.#before, told, style) : told.join('\n'));
    await this.#write(resultJson(round));
  }

  #draw(text: string): void {
    const { output } = this.#context;
    this.begun = true;
    if (this.json === '-') return;
    output.clear();
    output.result(`${text}\n`);
  }

  async #write(line: string): Promise<void> {
    if (this.json === '-') this.#context.output.document(line);
    else if (this.json !== undefined) await appendFile(this.json, line);
  }
}

function errorOf({ code, message, hint }: NonNullable<RoundResult['error']>): LabError {
  return new LabError('usage', code, message, hint ?? undefined);
}
