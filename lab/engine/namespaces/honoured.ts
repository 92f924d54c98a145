import { LabError } from '../../errors.ts';
import type { DesiredContainer, DesiredLab, DesiredNetwork } from '../stack-file.ts';
import { unknownTmpfsOption } from './sandbox.ts';

/**
 * Throws LabError `unsupported-in-stack`, which names the resource and the attribute, if a stack asks for something that
 * namespaces cannot give.
 */
export function refuseWhatCannotBeHonoured({ networks, containers }: DesiredLab): void {
  for (const network of networks) refuseNetwork(network);
  const names = new Set(networks.map(({ name }) => name));
  for (const container of containers) refuseContainer(container, names);
}

/** Bridges here have no address of this machine and no way out, so only these options can be honoured. */
const givenOptions: Readonly<Record<string, string>> = {
  'com.docker.network.bridge.enable_ip_masquerade': 'false',
  'com.docker.network.bridge.inhibit_ipv4': 'true',
  'com.docker.network.bridge.gateway_mode_ipv4': 'routed',
};

function refuseNetwork({ name, driver, options, ipam }: DesiredNetwork): void {
  const where = `network ${name}`;
  if (driver !== 'bridge') throw unsupported(`driver "${driver}"`, where);
  for (const [option, value] of Object.entries(options))
    if (givenOptions[option] !== value) throw unsupported(`option "${option}" with value "${value}"`, where);
  if (ipam.length !== 1 || ipam[0]?.subnet.includes(':'))
    throw unsupported(`"ipam_config" other than one IPv4 range`, where);
}

function refuseContainer(container: DesiredContainer, networks: ReadonlySet<string>): void {
  const { name, init, restart, sysctls, log } = container;
  const where = `host ${name}`;
  if (!init) throw unsupported('"init" other than true', where);
  if (restart !== 'no') throw unsupported(`"restart" with value "${restart}"`, where);
  for (const key of Object.keys(sysctls))
    if (!/^net\.[\w.-]+$/.test(key))
      throw unsupported(`sysctl "${key}", which is not of the network,`, where);
  if (log.driver !== null && log.driver !== 'json-file')
    throw unsupported(`log driver "${log.driver}"`, where);
  for (const option of Object.keys(log.options))
    if (option !== 'max-size' && option !== 'max-file') throw unsupported(`log option "${option}"`, where);
  for (const [folder, options] of Object.entries(container.tmpfs)) {
    const unknown = unknownTmpfsOption(options);
    if (unknown !== undefined) throw unsupported(`option "${unknown}" of tmpfs ${folder}`, where);
  }
  const foreign = container.networks.find((leg) => !networks.has(leg.name));
  if (foreign) throw unsupported(`network "${foreign.name}", which is not of this stack,`, where);
}

function unsupported(what: string, where: string): LabError {
  return new LabError(
    'usage',
    'unsupported-in-stack',
    `${what} of ${where} is not supported by the namespaces engine`,
    'Leave it out of the construct, or use --engine docker.',
  );
}
