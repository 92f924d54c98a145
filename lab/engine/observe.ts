import { labels } from '../stack/labels.ts';
import type { ObservedContainer, ObservedNetwork } from './difference.ts';
import type { Engine } from './find-engine.ts';

/** Everything on the engine that carries a lab's label, of one lab or of all; stopped containers included. */
export async function observe(
  engine: Engine,
  lab?: string,
): Promise<{ networks: (ObservedNetwork & { subnets: string[] })[]; containers: ObservedContainer[] }> {
  const filters = { label: [lab === undefined ? labels.lab : `${labels.lab}=${lab}`] };
  const [networks, containers] = await Promise.all([
    engine.docker.listNetworks({ filters }),
    engine.docker.listContainers({ all: true, filters }),
  ]);
  return {
    networks: networks.map((network) => ({
      id: network.Id,
      name: network.Name,
      labels: network.Labels ?? {},
      subnets: (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []),
    })),
    containers: containers.map((container) => ({
      id: container.Id,
      name: container.Names[0]?.replace(/^\//, '') ?? container.Id.slice(0, 12),
      imageId: container.ImageID,
      running: container.State === 'running',
      state: container.State,
      networks: new Map(
        Object.values(container.NetworkSettings.Networks).map((end) => [end.NetworkID, end.IPAddress]),
      ),
      labels: container.Labels,
    })),
  };
}
