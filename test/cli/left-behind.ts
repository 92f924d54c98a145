import { findEngine } from '../../lab/engine/find-engine.ts';

/** What the tests' engine has of a lab: its networks and hosts, with their states; sorted. */
export async function leftBehind(name: string): Promise<string[]> {
  const labs = await (await findEngine()).labs();
  const own = labs.filter((lab) => lab.name === name);
  return own
    .flatMap(({ networks, hosts }) => [
      ...networks.map(({ engineName }) => engineName),
      ...hosts.map(({ engineName, state }) => `${engineName} ${state}`),
    ])
    .sort();
}
