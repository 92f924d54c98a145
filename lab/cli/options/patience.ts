import type { Command } from 'commander';
import type { RunOptions } from '../../trial/run-scenarios.ts';
import { positiveInteger } from './positive-integer.ts';

export interface PatienceOptions {
  readonly patient?: true | undefined;
  /** Seconds. */
  readonly patience?: number | undefined;
}

/** Adds the options that make clients wait although the traces show that no reply can come. */
export function addPatienceOptions(command: Command): Command {
  return command
    .option('--patient', 'let every client wait out its own timeout')
    .option('--patience <seconds>', 'the same, but wait at most this long for each answer', positiveInteger);
}

/** How long clients wait. */
export function patienceOf({ patient, patience }: PatienceOptions): Pick<RunOptions, 'patience'> {
  if (patience !== undefined) return { patience: patience * 1000 };
  return patient ? { patience: 'client' } : {};
}
