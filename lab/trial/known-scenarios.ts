/* The scenarios of this process: those of the network in use, and those of the user's own. */
import { scenarios as shipped } from '../../scenarios/index.ts';
import { networkControls } from '../../scenarios/network-controls.ts';
import { LabError } from '../errors.ts';
import { firstRepeated } from '../list.ts';
import type { Scenario } from '../model/scenario.ts';
import { ownNetwork } from '../network/topology.ts';

let chosen: readonly Scenario[] = [];

/** Adds scenarios of the user's own, for the whole process. Throws LabError `scenario-malformed` if two have one name. */
export function chooseScenarios(scenarios: readonly Scenario[]): void {
  const names = [...ofNetwork(), ...scenarios].map(({ name }) => name);
  const twice = firstRepeated(names);
  if (twice !== undefined)
    throw new LabError('usage', 'scenario-malformed', `Two scenarios are called "${twice}"`, 'Rename one.');
  chosen = scenarios;
}

/** The scenarios that there are, controls first. */
export function knownScenarios(): readonly Scenario[] {
  return [...ofNetwork(), ...chosen];
}

/** The shipped scenarios are about the shipped network; of another one the lab knows its controls. */
function ofNetwork(): readonly Scenario[] {
  return ownNetwork() === undefined ? shipped : networkControls();
}
