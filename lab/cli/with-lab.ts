import type { OwnAddresses } from '../network/own-addresses.ts';
import type { Lab } from '../trial/lab.ts';
import { interrupted } from './conduct.ts';
import { type Context, holdsLab } from './context.ts';
import { Live } from './live.ts';

/** What a command that works with the lab tells of its work. */
export interface Work {
  readonly lab: Lab;
  /** Tells what comes next. */
  readonly doing: (what: string) => void;
  readonly live: Live;
}

/** Brings the lab up, does the work, takes the lab down unless it is to be kept. Throws LabError, or the interruption. */
export async function withLab<Result>(
  context: Context,
  { keep, own }: { readonly keep?: true | undefined; readonly own?: OwnAddresses },
  work: (work: Work) => Promise<Result>,
): Promise<Result> {
  const { output, interruption } = context;
  const { startLab } = await import('./engine.ts');
  holdsLab(context);
  using live = await Live.on(output);
  const doing = (what: string) => {
    output.progress(what);
    live.waitFor(what);
  };
  live.waitFor('Looking for the engine');
  const { signal } = interruption;
  await using lab = await startLab({
    name: context.name,
    ...(context.engine && { kind: context.engine }),
    keep: keep === true,
    ...(own && { own }),
    progress: doing,
    signal,
  });
  return await Promise.race([work({ lab, doing, live }), interrupted(signal)]);
}
