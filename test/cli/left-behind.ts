import { findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { labels } from '../../lab/stack/labels.ts';

/** Names and ids of the containers and networks that Docker has of a lab, asked of Docker itself; sorted. */
export async function leftBehind(lab: string): Promise<string[]> {
  const { docker } = await findDaemon();
  const filters = { label: [`${labels.lab}=${lab}`] };
  const [containers, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
  ]);
  return [
    ...containers.map(({ Names, Id }) => `${Names.join()} ${Id}`),
    ...networks.map(({ Name, Id }) => `${Name} ${Id}`),
  ].sort();
}
