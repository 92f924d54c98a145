import { LabError, withFile } from '../errors.ts';
import type { NetworkDefinition } from '../network/definition.ts';
import { networkOf } from '../network/read-network.ts';
import { chooseNetwork, ownNetwork } from '../network/topology.ts';
import { loadDefaultExport } from './load-module.ts';

/**
 * Makes a network of the user's own the one that this process is about: its description, or a file that exports that by default. Throws
 * LabError `usage` if anything is wrong with it.
 */
export async function useNetwork(from: NetworkDefinition | string): Promise<void> {
  if (typeof from !== 'string') return chooseNetwork(networkOf(from));
  const { exported } = await loadDefaultExport(from, 'the network');
  try {
    chooseNetwork(networkOf(exported));
  } catch (error) {
    throw withFile(error, from);
  }
}

/** Adds the scenarios that a file exports by default. Throws LabError `usage` if anything is wrong with it. */
export async function useScenarios(file: string): Promise<void> {
  const { readScenarios } = await import('./scenarios-file.ts');
  const { chooseScenarios } = await import('./known-scenarios.ts');
  const scenarios = await readScenarios(file);
  try {
    chooseScenarios(scenarios);
  } catch (error) {
    throw withFile(error, file);
  }
}

/** Throws LabError `own-network` in a network of one's own; `what`: what works only in the shipped one. */
export function refuseOwnNetwork(what: string): void {
  if (ownNetwork() === undefined) return;
  throw new LabError(
    'usage',
    'own-network',
    `${what} works in the network of the original report, and not yet in one of your own`,
    'Leave out --network, or the network of the configuration by --no-config.',
  );
}
