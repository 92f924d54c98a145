/* The scenarios of the network in use: the shipped ones of the shipped network, and the user's of one of their own. */
import { scenarios as shipped } from '../../scenarios/index.ts';
import { networkControls } from '../../scenarios/network-controls.ts';
import type { Scenario } from '../model/scenario.ts';
import { ownNetwork } from '../network/topology.ts';

let chosen: readonly Scenario[] = [];

/** Chooses the scenarios of a network of one's own, for the whole process. */
export function chooseScenarios(scenarios: readonly Scenario[]): void {
  chosen = scenarios;
}

/** The scenarios that there are, controls first. */
export function knownScenarios(): readonly Scenario[] {
  return ownNetwork() === undefined ? shipped : [...networkControls(), ...chosen];
}
