import { LabError } from '../errors.ts';
import { transferModes } from '../model/attempt.ts';
import type { CellResult } from '../model/cell.ts';
import type { Exposure } from '../model/exposure.ts';
import { clientNames, firewallsBetween, serverNames } from '../network/topology.ts';
import type { AttemptOptions } from '../trial/lab.ts';
import type { RulesFile } from '../trial/rules-file.ts';
import { attemptAll, runControls } from '../trial/run-scenarios.ts';
import { measure } from './commands/exposure.ts';
import type { Context } from './context.ts';
import type { NamedRules } from './options/rule-sets.ts';
import type { Work } from './with-lab.ts';

/** What one rule set came to: the cells, and what it lets through besides. */
export interface Tried {
  readonly cells: readonly CellResult[];
  readonly exposure: Exposure;
}

/** The cells that rule sets are compared by: every way across firewalls that all of them speak for, in every mode. */
export function commonAttempts(rules: readonly NamedRules[]): AttemptOptions[] {
  const attempts = clientNames.flatMap((client) =>
    serverNames.flatMap((server) => {
      const crossed = firewallsBetween(client, server);
      const spoken = rules.every(
        ({ file: { firewall } }) => firewall === null || crossed.join() === firewall,
      );
      return crossed.length > 0 && spoken ? transferModes.map((mode) => ({ client, server, mode })) : [];
    }),
  );
  if (attempts.length > 0) return attempts;
  throw new LabError(
    'usage',
    'nothing-to-compare',
    `${rules.map(({ word }) => word).join(' and ')} are for different firewalls, so there is nothing to compare`,
    'Give files of one firewall, or rule sets, which speak for both.',
  );
}

/** Tries the controls on the cells. Throws LabError `run-void` where they fail: nothing would count. */
export async function checkControls(
  { lab, doing }: Work,
  attempts: readonly AttemptOptions[],
  context: Context,
): Promise<void> {
  doing('Trying the controls');
  const invalid = await runControls(lab, attempts, { signal: context.interruption.signal });
  if (invalid !== null) throw new LabError('environment', 'run-void', invalid, 'Run "ftplab doctor".');
}

/** Makes the attempts under a file's rules and measures what these let through. */
export async function tryRules(
  work: Work,
  file: RulesFile,
  attempts: readonly AttemptOptions[],
  { interruption: { signal } }: Context,
): Promise<Tried> {
  const { lab, doing } = work;
  await lab.load(file.rules(lab.plan));
  doing(`Trying ${file.name}`);
  const wanted = attempts.map((key) => ({ key }));
  const cells = await attemptAll(lab, wanted, { signal });
  return { cells, exposure: await measure(work, signal) };
}
