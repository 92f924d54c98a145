import { duration } from '../duration.ts';
import type { Conditions } from '../trial/in-lab.ts';
import type { Telling } from '../trial/under-rules.ts';
import { type Context, holdsLab } from './context.ts';
import { Live } from './live.ts';

/** What a use case gets from the command line: which lab, and who is told about progress. */
export type View = Conditions & Telling & { readonly signal: AbortSignal };

/**
 * Runs a use case in a lab, shows its progress on standard error, then its result, and returns that. Throws what either of them throws;
 * after everything was shown, also the error of a lab that could not be taken down.
 */
export async function inView<Result>(
  context: Context,
  { keep, install }: { readonly keep?: true | undefined; readonly install?: true | undefined },
  work: (view: View, live: Live) => Promise<Result>,
  show: (result: Result) => void | Promise<void>,
): Promise<Result> {
  const { output, interruption, name, names } = context;
  holdsLab(context);
  let notRemoved: { readonly error: unknown } | undefined;
  const result = await withLive(context, (live) => {
    const view: View = {
      name,
      names,
      ...(context.engine && { kind: context.engine }),
      keep: keep === true,
      install: install === true,
      signal: interruption.signal,
      progress: (message) => {
        output.progress(message);
        live.waitFor(message);
      },
      onNote: (word, note) => output.message(`note: ${word}: ${note}`),
      onPass: passesOn(live),
      onNotRemoved: (error) => {
        notRemoved = { error };
      },
    };
    return work(view, live);
  });
  await show(result);
  if (notRemoved) throw notRemoved.error;
  return result;
}

async function withLive<Result>({ output }: Context, work: (live: Live) => Promise<Result>): Promise<Result> {
  using live = await Live.on(output);
  live.waitFor('Looking for the engine');
  return await work(live);
}

/** Draws the progress of a measurement of exposure. */
function passesOn(live: Live): NonNullable<Telling['onPass']> {
  let measured = '';
  let start = 0;
  return (ruleSet, done, of) => {
    if (measured !== ruleSet) start = performance.now();
    measured = ruleSet;
    const passes =
      done <= of ? `${done} of ${of} passes` : `${done - of} passes again, because probes were lost`;
    live.show(
      () => `Measuring the exposure of ${ruleSet}: ${passes} ... ${duration(performance.now() - start)}`,
    );
  };
}
