import type { Daemon } from '../../lab/engine/docker/find-daemon.ts';
import { readStack } from '../../lab/engine/stack-file.ts';

/** What bringing the same containers and networks up and down costs with bare dockerode calls, in milliseconds. */
export interface Floor {
  readonly up: number;
  readonly down: number;
}

/** Creates, starts and removes everything in a stack file with as few calls as that takes, all in parallel. */
export async function measureFloor(daemon: Daemon, stackFile: string): Promise<Floor> {
  const { docker } = daemon;
  const stack = await readStack(stackFile);
  const start = performance.now();
  const networks = await Promise.all(
    stack.networks.map(({ name, options, ipam }) =>
      docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        Options: options,
        IPAM: {
          Driver: 'default',
          Config: ipam.map(({ subnet, gateway }) => ({
            Subnet: subnet,
            ...(gateway && { Gateway: gateway }),
          })),
        },
      }),
    ),
  );
  const containers = await Promise.all(
    stack.containers.map(async (wanted) => {
      const [first, ...others] = wanted.networks;
      const container = await docker.createContainer({
        name: wanted.name,
        Image: wanted.image,
        Env: [...wanted.env],
        HostConfig: {
          Init: true,
          CapAdd: [...wanted.capabilities.add],
          Sysctls: wanted.sysctls,
          NetworkMode: first.name,
        },
        NetworkingConfig: {
          EndpointsConfig: { [first.name]: { IPAMConfig: { IPv4Address: first.address } } },
        },
      });
      for (const { name, address } of others)
        await docker
          .getNetwork(name)
          .connect({ Container: container.id, EndpointConfig: { IPAMConfig: { IPv4Address: address } } });
      await container.start();
      return container;
    }),
  );
  const up = performance.now();
  await Promise.all(containers.map((container) => container.remove({ force: true, v: true })));
  await Promise.all(networks.map((network) => network.remove()));
  return { up: up - start, down: performance.now() - up };
}
