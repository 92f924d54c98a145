import type { Command } from 'commander';
import type { RunOptions } from '../../trial/run-scenarios.ts';
import { positiveInteger } from './positive-integer.ts';

export interface PatienceOptions {
  readonly patient?: true | undefined;
  /** Seconds. */
  readonly patience?: number | undefined;
}

/** Gives a command the options to sit out what the traces show to be in vain. */
export function addPatienceOptions(command: Command): Command {
  return command
    .option('--patient', 'tell no client that it waits in vain; wait as long as each does by itself')
    .option('--patience <seconds>', 'the same, but wait this long for each answer', positiveInteger);
}

export function patienceOf({ patient, patience }: PatienceOptions): Pick<RunOptions, 'patience'> {
  if (patience !== undefined) return { patience: patience * 1000 };
  return patient ? { patience: 'client' } : {};
}
