import { labels } from '../../stack/labels.ts';
import type {
  ContainerDefinition,
  NetworkDefinition,
  ObservedContainer,
  ObservedLab,
} from '../difference.ts';
import type { ContainerInfo, NetworkInfo } from './connection.ts';
import type { Daemon } from './find-daemon.ts';
import { statusOf } from './removal.ts';

/** A network by its labels, as a list of networks has it. */
export interface ListedNetwork {
  readonly id: string;
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly definition: NetworkDefinition;
}

/** A container by its labels, as a list of containers has it. */
export interface ListedContainer extends Omit<ObservedContainer, 'definition'> {
  readonly labels: Record<string, string>;
}

/** Everything on the engine with a lab's label, of one lab or of all, including stopped containers. */
export async function observe(
  daemon: Daemon,
  lab?: string,
): Promise<{ networks: ListedNetwork[]; containers: ListedContainer[] }> {
  const filters = { label: [lab === undefined ? labels.lab : `${labels.lab}=${lab}`] };
  const [networks, containers] = await Promise.all([
    daemon.docker.listNetworks({ filters }),
    daemon.docker.listContainers({ all: true, filters }),
  ]);
  return {
    networks: networks.map((network) => ({
      id: network.Id,
      name: network.Name,
      labels: network.Labels ?? {},
      definition: networkDefinition(network),
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

/** One lab with the definitions of its containers, which takes one request for each. */
export async function observeDefinitions(daemon: Daemon, lab: string): Promise<ObservedLab> {
  const { networks, containers } = await observe(daemon, lab);
  const inspected = containers.map(async (container) => {
    try {
      const info = await daemon.docker.getContainer(container.id).inspect();
      return [{ ...container, definition: containerDefinition(info) }];
    } catch (error) {
      if (statusOf(error) === 404) return []; // gone since it was listed
      throw error;
    }
  });
  return { networks, containers: (await Promise.all(inspected)).flat() };
}

/** Newer engines note among a network's options which IP versions it has. */
const notOptions = /^com\.docker\.network\.enable_ipv[46]$/;

function networkDefinition(network: NetworkInfo): NetworkDefinition {
  return {
    driver: network.Driver,
    internal: network.Internal,
    options: Object.fromEntries(
      Object.entries(network.Options ?? {}).filter(([key]) => !notOptions.test(key)),
    ),
    ipam: (network.IPAM?.Config ?? []).flatMap(({ Subnet, Gateway }) =>
      Subnet === undefined ? [] : [{ subnet: Subnet, gateway: Gateway ?? null }],
    ),
    labels: network.Labels ?? {},
  };
}

/** Docker counts bytes, the stack MiB. */
export const mebibyte = 2 ** 20;

function containerDefinition({ Config, HostConfig }: ContainerInfo): ContainerDefinition {
  const { LogConfig, RestartPolicy } = HostConfig;
  return {
    hostname: Config.Hostname,
    init: HostConfig.Init ?? false,
    restart: RestartPolicy?.Name || 'no',
    capabilities: { add: HostConfig.CapAdd ?? [], drop: HostConfig.CapDrop ?? [] },
    security: HostConfig.SecurityOpt ?? [],
    readOnly: HostConfig.ReadonlyRootfs ?? false,
    tmpfs: (HostConfig.Tmpfs as Record<string, string> | null) ?? {},
    memory: HostConfig.Memory ? HostConfig.Memory / mebibyte : null,
    processes: HostConfig.PidsLimit && HostConfig.PidsLimit > 0 ? HostConfig.PidsLimit : null,
    dns: HostConfig.Dns ?? [],
    sysctls: HostConfig.Sysctls ?? {},
    env: Config.Env ?? [],
    hosts: ((HostConfig.ExtraHosts as string[] | null) ?? []).map((entry) => {
      const [host = '', ip = ''] = entry.split(/[:=](.*)/s);
      return { host, ip };
    }),
    log: { driver: LogConfig?.Type ?? null, options: LogConfig?.Config ?? {} },
    labels: Config.Labels ?? {},
  };
}
