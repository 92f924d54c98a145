import type { EngineKind } from '../engine/engine.ts';
import { defaultLabName } from '../stack/lab-name.ts';
import { exitStatus } from './exit-status.ts';
import type { Interruption } from './interruption.ts';
import type { Output } from './output.ts';

/** What commands have in common. Commands set `status`; `main` returns it. */
export interface Context {
  readonly output: Output;
  readonly interruption: Interruption;
  /** The lab's name (`--name`). */
  name: string;
  /** What makes the lab (`--engine`). */
  engine?: EngineKind;
  status: number;
  /** Whether an interruption is how the command usually ends: its status is then `status` all the same. */
  endsByInterruption: boolean;
}

export function createContext(output: Output, interruption: Interruption): Context {
  return {
    output,
    interruption,
    name: defaultLabName,
    status: exitStatus.asExpected,
    endsByInterruption: false,
  };
}

/** Tells the user, should the command be cut short, what it may leave behind. */
export function holdsLab(context: Context): void {
  const option = context.name === defaultLabName ? '' : ` --name ${context.name}`;
  context.interruption.leavesBehind = `The lab '${context.name}' may still have hosts and networks: ftplab down${option}`;
}
