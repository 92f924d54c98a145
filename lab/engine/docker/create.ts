import { writeFile } from 'node:fs/promises';
import { LabError } from '../../errors.ts';
import type { NameStep } from '../difference.ts';
import type { DesiredContainer, DesiredNetwork } from '../stack-file.ts';
import type { Daemon } from './find-daemon.ts';
import { mebibyte } from './observe.ts';
import { messageOf, type Resources, statusOf } from './removal.ts';

/**
 * Creates a network and notes it in `made`. Throws LabError `address-clash` if another Docker network has the
 * range, `docker-refused` otherwise.
 */
export async function createNetwork(
  daemon: Daemon,
  { desired }: NameStep<DesiredNetwork, unknown>,
  made: Resources['networks'],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  try {
    const { id } = await daemon.docker.createNetwork({
      Name: desired.name,
      CheckDuplicate: true,
      Driver: desired.driver,
      Internal: desired.internal,
      Options: desired.options,
      IPAM: {
        Driver: 'default',
        Config: desired.ipam.map(({ subnet, gateway }) => ({
          Subnet: subnet,
          ...(gateway === null ? {} : { Gateway: gateway }),
        })),
      },
      Labels: desired.labels,
    });
    made.push({ id, name: desired.name });
    if (daemon.local) await withoutIpv6(id);
  } catch (error) {
    const ranges = desired.ipam.map(({ subnet }) => subnet).join(', ');
    if (/pool overlaps/i.test(messageOf(error)))
      throw new LabError(
        'environment',
        'address-clash',
        `Network ${desired.name} cannot have ${ranges}: another Docker network has addresses of that range`,
        'Remove that network, or give the lab other ranges (--subnet NAME=CIDR).',
        { cause: error },
      );
    throw refused(`create network ${desired.name} (${ranges})`, error);
  }
}

/**
 * Removes the IPv6 address from this machine's end of a bridge: through it the lab could reach programs that listen here on
 * all addresses. Docker has no option for that. Does nothing if it is not permitted or the engine is on another machine.
 */
async function withoutIpv6(network: string): Promise<void> {
  const file = `/proc/sys/net/ipv6/conf/br-${network.slice(0, 12)}/disable_ipv6`;
  await writeFile(file, '1').catch(() => undefined);
}

/**
 * Creates a container, notes it in `made`, connects all its networks, then starts it: connecting later takes ten times
 * as long. Returns the id. Throws LabError `docker-refused`.
 */
export async function startContainer(
  daemon: Daemon,
  { desired }: NameStep<DesiredContainer, unknown>,
  made: Resources['containers'],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const [first, ...others] = desired.networks;
  const endpoint = (address: string) => ({ IPAMConfig: { IPv4Address: address } });
  try {
    const container = await daemon.docker.createContainer({
      name: desired.name,
      Image: desired.image,
      ...(desired.hostname === null ? {} : { Hostname: desired.hostname }),
      Env: [...desired.env],
      Labels: desired.labels,
      HostConfig: {
        Init: desired.init,
        RestartPolicy: { Name: desired.restart },
        CapAdd: [...desired.capabilities.add],
        CapDrop: [...desired.capabilities.drop],
        SecurityOpt: [...desired.security],
        ReadonlyRootfs: desired.readOnly,
        Tmpfs: desired.tmpfs,
        ...(desired.memory === null ? {} : { Memory: desired.memory * mebibyte }),
        ...(desired.memorySwap === null ? {} : { MemorySwap: desired.memorySwap * mebibyte }),
        ...(desired.processes === null ? {} : { PidsLimit: desired.processes }),
        Dns: [...desired.dns],
        Sysctls: desired.sysctls,
        ExtraHosts: desired.hosts.map(({ host, ip }) => `${host}:${ip}`),
        ...(desired.log.driver === null
          ? {}
          : { LogConfig: { Type: desired.log.driver, Config: desired.log.options } }),
        NetworkMode: first.name,
      },
      NetworkingConfig: { EndpointsConfig: { [first.name]: endpoint(first.address) } },
    });
    made.push({ id: container.id, networks: desired.networks.map(({ name }) => name) });
    for (const { name, address } of others) {
      signal.throwIfAborted();
      await daemon.docker
        .getNetwork(name)
        .connect({ Container: container.id, EndpointConfig: endpoint(address) });
    }
    signal.throwIfAborted();
    await container.start();
    return container.id;
  } catch (error) {
    if (signal.aborted) throw error;
    throw refused(`start container ${desired.name}`, error);
  }
}

/**
 * Sets the limit of processes of a container that somebody else created: Terraform's provider cannot, and docker(1) may
 * have changed it. Throws LabError `docker-refused`.
 */
export async function limitProcesses(
  daemon: Daemon,
  id: string,
  { name, processes }: DesiredContainer,
): Promise<void> {
  try {
    // Without a limit: -1 (docker-container-update(1)).
    await daemon.docker.getContainer(id).update({ PidsLimit: processes ?? -1 });
  } catch (error) {
    throw refused(`limit the processes of ${name}`, error);
  }
}

/** Docker's own message as a LabError `docker-refused`; `what` follows "Docker could not". */
export function refused(what: string, error: unknown): LabError {
  return new LabError(
    'environment',
    'docker-refused',
    `Docker could not ${what}: ${messageOf(error)}`,
    statusOf(error) === 409
      ? 'Something else has that name: remove it, or give this lab another --name.'
      : undefined,
    { cause: error },
  );
}
