import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { labels, type Readiness, readinesses } from '../stack/labels.ts';

/** A network as the stack defines it. */
export interface DesiredNetwork {
  readonly name: string;
  readonly driver: string;
  readonly internal: boolean;
  readonly options: Record<string, string>;
  readonly ipam: readonly { readonly subnet: string; readonly gateway: string | null }[];
  readonly labels: Record<string, string>;
}

/** A container's place in a network: Docker's name of the network, and the address there. */
export interface Leg {
  readonly name: string;
  readonly address: string;
}

/** A container as the stack defines it. */
export interface DesiredContainer {
  readonly name: string;
  readonly hostname: string | null;
  readonly image: string;
  readonly init: boolean;
  readonly restart: string;
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  /** Docker's `--security-opt`. */
  readonly security: readonly string[];
  /** Whether its files are read-only, but for {@link tmpfs}. */
  readonly readOnly: boolean;
  /** Folders of their own in memory, with the options of tmpfs(5). */
  readonly tmpfs: Record<string, string>;
  /** In MiB; `null` for no limit. */
  readonly memory: number | null;
  /** Memory and swap together, in MiB; `null` for the engine's default. */
  readonly memorySwap: number | null;
  readonly networks: readonly [Leg, ...Leg[]];
  readonly dns: readonly string[];
  readonly sysctls: Record<string, string>;
  readonly env: readonly string[];
  readonly hosts: readonly { readonly host: string; readonly ip: string }[];
  /** What it must show before it counts as ready; `null` for nothing. From its label `isa-ftp-lab.ready`. */
  readonly ready: Readiness | null;
  /** How many processes and threads it may have; `null` for no limit. From its label `isa-ftp-lab.processes`. */
  readonly processes: number | null;
  readonly log: { readonly driver: string | null; readonly options: Record<string, string> };
  readonly labels: Record<string, string>;
}

/** What a stack file defines: one lab. */
export interface DesiredLab {
  readonly name: string;
  readonly networks: readonly DesiredNetwork[];
  readonly containers: readonly DesiredContainer[];
}

/** Reads a synthesized stack. Throws LabError `usage` as {@link parseStack} does, and for a file that is not there. */
export async function readStack(path: string): Promise<DesiredLab> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new LabError(
      'usage',
      'no-stack-file',
      `${path} cannot be read: ${(error as Error).message}`,
      'It is what synthesis writes: stacks/<lab>/cdk.tf.json below the output folder.',
      { cause: error },
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new LabError('usage', 'bad-stack-file', `${path} is not JSON: ${(error as Error).message}`);
  }
  return parseStack(json);
}

const strings = z.record(z.string(), z.string());
const labelBlocks = z
  .array(z.strictObject({ label: z.string(), value: z.string() }))
  .default([])
  .transform((blocks) => Object.fromEntries(blocks.map(({ label, value }) => [label, value])));
/** cdktf's own note about a construct; Terraform ignores it too. */
const note = { '//': z.unknown().optional() };

const networkBlock = z.strictObject({
  ...note,
  name: z.string(),
  driver: z.string().default('bridge'),
  internal: z.boolean().default(false),
  check_duplicate: z.literal(true).optional(),
  options: strings.default({}),
  ipam_config: z
    .array(z.strictObject({ subnet: z.string(), gateway: z.string().optional() }))
    .default([])
    .transform((blocks) => blocks.map(({ subnet, gateway }) => ({ subnet, gateway: gateway ?? null }))),
  labels: labelBlocks,
});

const leg = z.strictObject({ name: z.string(), ipv4_address: z.string() });

const containerBlock = z.strictObject({
  ...note,
  name: z.string(),
  hostname: z.string().optional(),
  image: z.string(),
  init: z.boolean().default(false),
  restart: z.enum(['no', 'always', 'unless-stopped']).default('no'),
  must_run: z.literal(true).optional(),
  capabilities: z
    .strictObject({ add: z.array(z.string()).default([]), drop: z.array(z.string()).default([]) })
    .default({ add: [], drop: [] }),
  /** Docker's other options here would loosen a container's limits, or belong to the machine's security module. */
  security_opts: z.array(z.literal('no-new-privileges:true')).default([]),
  read_only: z.boolean().default(false),
  tmpfs: strings.default({}),
  memory: z.int().positive().optional(),
  memory_swap: z.int().positive().optional(),
  /** At least one: without any, Docker and Terraform would put the container on a bridge that leads out of the lab. */
  networks_advanced: z.tuple([leg], leg),
  dns: z.array(z.string()).default([]),
  sysctls: strings.default({}),
  env: z.array(z.string()).default([]),
  host: z.array(z.strictObject({ host: z.string(), ip: z.string() })).default([]),
  log_driver: z.string().optional(),
  log_opts: strings.default({}),
  labels: labelBlocks,
});

const document = z.strictObject({
  ...note,
  /** Backend and provider versions: Terraform's business. */
  terraform: z.unknown().optional(),
  /** The engine is found by the lab; a provider that names another one would be ignored, so it is refused. */
  provider: z.strictObject({ docker: z.array(z.strictObject({})).optional() }).optional(),
  resource: z
    .strictObject({
      docker_network: z.record(z.string(), z.unknown()).default({}),
      docker_container: z.record(z.string(), z.unknown()).default({}),
    })
    .default({ docker_network: {}, docker_container: {} }),
});

/**
 * Turns Terraform JSON (as cdktf writes it) into the lab's definition. Throws LabError `usage` with the name of the
 * resource and the attribute for an unsupported resource type or attribute, a reference to nothing, or a resource
 * without the lab's labels.
 */
export function parseStack(json: unknown): DesiredLab {
  const { resource } = check(document, json, '');
  const networkNames = new Map<string, string>();
  const networks = Object.entries(resource.docker_network).map(([id, block]): DesiredNetwork => {
    const {
      '//': _note,
      check_duplicate,
      ipam_config,
      ...network
    } = check(networkBlock, block, `docker_network.${id}`);
    networkNames.set(id, network.name);
    return { ...network, ipam: ipam_config };
  });
  const containers = Object.entries(resource.docker_container).map(([id, block]): DesiredContainer => {
    const where = `docker_container.${id}`;
    const parsed = check(containerBlock, block, where);
    refuseReferences({ ...parsed, networks_advanced: [], '//': undefined }, where);
    const place = ({ name, ipv4_address }: z.output<typeof leg>): Leg => ({
      name: resolveNetwork(name, networkNames, where),
      address: ipv4_address,
    });
    const [first, ...others] = parsed.networks_advanced;
    return {
      name: parsed.name,
      hostname: parsed.hostname ?? null,
      image: parsed.image,
      init: parsed.init,
      restart: parsed.restart,
      capabilities: parsed.capabilities,
      security: parsed.security_opts,
      readOnly: parsed.read_only,
      tmpfs: parsed.tmpfs,
      memory: parsed.memory ?? null,
      memorySwap: parsed.memory_swap ?? null,
      networks: [place(first), ...others.map(place)],
      dns: parsed.dns,
      sysctls: parsed.sysctls,
      env: parsed.env,
      hosts: parsed.host,
      log: { driver: parsed.log_driver ?? null, options: parsed.log_opts },
      ready: readinessOf(parsed.labels, where),
      processes: processesOf(parsed.labels, where),
      labels: parsed.labels,
    };
  });
  return { name: labOf([...networks, ...containers]), networks, containers };
}

function check<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue === undefined) throw result.error;
  const path = [...(where === '' ? [] : [where]), ...issue.path].join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    throw path === 'resource'
      ? unsupported(`Resource type "${key}"`, 'docker_network and docker_container are supported.')
      : unsupported(
          where === ''
            ? `"${[path, key].filter(Boolean).join('.')}" in the stack`
            : `Attribute "${[...issue.path, key].join('.')}" of ${where}`,
          'Leave it out of the construct, or apply the stack with Terraform.',
        );
  }
  throw new LabError(
    'usage',
    'bad-stack-file',
    where === ''
      ? `The stack's "${path}" does not fit: ${issue.message}`
      : `Attribute "${issue.path.join('.')}" of ${where} does not fit: ${issue.message}`,
  );
}

function unsupported(what: string, hint: string): LabError {
  return new LabError('usage', 'unsupported-in-stack', `${what} is not supported by the Docker engine`, hint);
}

function resolveNetwork(name: string, networks: Map<string, string>, where: string): string {
  const id = /^\$\{docker_network\.([\w-]+)\.(?:name|id)\}$/.exec(name)?.[1];
  if (id === undefined && !name.includes('${')) return name;
  const resolved = id === undefined ? undefined : networks.get(id);
  if (resolved === undefined)
    throw new LabError(
      'usage',
      'bad-stack-file',
      `Attribute "networks_advanced.name" of ${where} refers to ${name}, which is not in the stack`,
      'Refer to the name of a docker_network of the same stack.',
    );
  return resolved;
}

/** Only network names may be references; anywhere else a reference would reach Docker as plain text. */
function refuseReferences(attributes: Record<string, unknown>, where: string): void {
  for (const [attribute, value] of Object.entries(attributes)) {
    const reference = /\$\{[^}]*\}/.exec(JSON.stringify(value) ?? '')?.[0];
    if (reference !== undefined)
      throw unsupported(
        `The reference ${reference} in attribute "${attribute}" of ${where}`,
        'Use plain values there; references work for networks.',
      );
  }
}

function readinessOf(own: Record<string, string>, where: string): Readiness | null {
  const value = own[labels.ready];
  const ready = readinesses.find((known) => known === value) ?? null;
  if (value === undefined || ready !== null) return ready;
  throw new LabError(
    'usage',
    'bad-stack-file',
    `Label ${labels.ready} of ${where} is "${value}"`,
    `Use one of ${readinesses.join(', ')}.`,
  );
}

function processesOf(own: Record<string, string>, where: string): number | null {
  const value = own[labels.processes];
  if (value === undefined) return null;
  if (/^[1-9]\d{0,6}$/.test(value)) return Number(value);
  throw new LabError(
    'usage',
    'bad-stack-file',
    `Label ${labels.processes} of ${where} is "${value}"`,
    'It is a number of processes, 1 at least.',
  );
}

function labOf(resources: readonly (DesiredNetwork | DesiredContainer)[]): string {
  const names = new Set(resources.map((resource) => resource.labels[labels.lab]));
  const [name] = names;
  if (names.size === 1 && name !== undefined) return name;
  const bare = resources.find((resource) => resource.labels[labels.lab] === undefined);
  throw new LabError(
    'usage',
    'bad-stack-file',
    names.size === 0
      ? 'The stack holds no networks and no containers'
      : bare !== undefined
        ? `"${bare.name}" has no label ${labels.lab}, so nothing could take it down again`
        : `The stack mixes labs: ${[...names].join(', ')}`,
    `Every network and container of a stack carries the label ${labels.lab} with one lab's name.`,
  );
}
