import type { EngineKind } from '../engine/engine.ts';
import type { Config } from '../model/config.ts';
import type { Names } from '../model/names.ts';
import { defaultLabName } from '../stack/lab-name.ts';
import { exitStatus } from './exit-status.ts';
import type { Interruption } from './interruption.ts';
import type { Output } from './output.ts';

/** What all commands share. Commands set `status`; `main` returns it. */
export interface Context {
  readonly output: Output;
  readonly interruption: Interruption;
  /** The lab's name (`--name`). */
  name: string;
  /** What the user calls hosts (`--call`). */
  names: Names;
  /** The configuration that was read, and its file. */
  config?: { readonly file: string; readonly config: Config };
  /** The options of the command that the configuration sets, and not the command line. */
  configured: readonly string[];
  /** What creates the lab (`--engine`). */
  engine?: EngineKind | undefined;
  status: number;
  /** Whether the command usually ends by an interruption: then `status` stays its exit status. */
  endsByInterruption: boolean;
}

export function createContext(output: Output, interruption: Interruption): Context {
  return {
    output,
    interruption,
    name: defaultLabName,
    names: {},
    configured: [],
    status: exitStatus.asExpected,
    endsByInterruption: false,
  };
}

/** Prepares the message about what may be left behind if the command is cut short. */
export function holdsLab(context: Context): void {
  const option = context.name === defaultLabName ? '' : ` --name ${context.name}`;
  context.interruption.leavesBehind = `The lab '${context.name}' may still have hosts and networks. Remove them with: ftplab down${option}`;
}
