import { LabError, withFile } from '../errors.ts';
import type { NetworkDefinition } from '../network/definition.ts';
import { networkOf } from '../network/read-network.ts';
import { chooseNetwork } from '../network/topology.ts';
import { chooseScenarios } from './known-scenarios.ts';
import { loadDefaultExport } from './load-module.ts';
import { readScenarios } from './scenarios-file.ts';

/**
 * Makes a network of the user's own the one that this process is about: its description, or a file that exports that by default; and
 * reads the file of its scenarios. Throws LabError `usage` if anything is wrong with either.
 */
export async function useNetwork(from: NetworkDefinition | string, scenarios?: string): Promise<void> {
  if (typeof from === 'string') {
    const { exported } = await loadDefaultExport(from, 'the network');
    try {
      chooseNetwork(networkOf(exported));
    } catch (error) {
      throw withFile(error, from);
    }
  } else chooseNetwork(networkOf(from));
  if (scenarios !== undefined) chooseScenarios(await readScenarios(scenarios));
}

/** Throws LabError `own-network` for what works only on the shipped network; `what`: what that is. */
export function refuseOwnNetwork(what: string): never {
  throw new LabError(
    'usage',
    'own-network',
    `${what} works on the network of the original report, and not yet on one of your own`,
    'Leave out --network, or the network of the configuration by --no-config.',
  );
}
