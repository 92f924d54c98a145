import type { Daemon } from '../../../lab/engine/docker/find-daemon.ts';
import { observe } from '../../../lab/engine/docker/observe.ts';
import { runExec } from '../../../lab/engine/docker/streams.ts';

/** Values that differ every time a lab is created: ids, times, and the engine's own paths. */
const ofTheMaking = new Set([
  ...[
    'Id',
    'Created',
    'Pid',
    'StartedAt',
    'FinishedAt',
    'NetworkID',
    'EndpointID',
    'SandboxID',
    'SandboxKey',
  ],
  ...['ResolvConfPath', 'HostnamePath', 'HostsPath', 'LogPath', 'GraphDriver'],
]);

/**
 * Terraform first puts a container on Docker's default bridge and removes it again before it starts. Its `NetworkMode`
 * still says so; its networks do not, and neither do the interfaces that {@link seenInside} shows.
 */
const ofTheMaker = new Set(['NetworkMode']);

/** An inspection without what no scenario can see (see above). Unordered lists are sorted, and empty values are removed. */
function normalized(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const list = value.map((item) => normalized(item, key));
    return key === 'CapAdd' || key === 'CapDrop'
      ? list.map((name) => String(name).replace(/^CAP_/, '')).sort()
      : ['Env', 'ExtraHosts'].includes(key)
        ? list.sort()
        : list.length === 0
          ? undefined
          : list;
  }
  if (value === null || typeof value !== 'object') return value ?? undefined;
  const entries = Object.entries(value)
    .filter(([name]) => !ofTheMaking.has(name) && !ofTheMaker.has(name))
    .map(([name, inner]): [string, unknown] => {
      if (name === 'Aliases') return [name, undefined]; // the container's id
      if (name === 'Containers') return [name, Object.values(inner as object).map((end) => normalized(end))];
      return [name, normalized(inner, name)];
    })
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a program in a container finds: its interfaces, routes, names, resolver, parameters, rights. */
const seenInside = `
hostname
ip -br -4 addr | sed 's/@[^ ]*//' | sort
ip -4 route | sort
sort /etc/hosts
grep ^hosts: /etc/nsswitch.conf
cat /proc/sys/net/ipv4/{ip_forward,icmp_ratelimit,tcp_syn_retries}
grep ^Cap /proc/1/status
tr '\\0' '\\n' < /proc/1/environ | sort`;

/** Everything in a lab that could matter to a scenario, by name: Docker's description, and what is visible inside. */
export async function factsOf(daemon: Daemon, lab: string): Promise<Record<string, unknown>> {
  const { networks, containers } = await observe(daemon, lab);
  const facts = [
    ...networks.map(async ({ id, name }) => {
      const info = normalized(await daemon.docker.getNetwork(id).inspect()) as {
        Containers?: { Name: string }[];
      };
      info.Containers?.sort((a, b) => (a.Name < b.Name ? -1 : 1));
      return [name, info];
    }),
    ...containers.map(async ({ id, name }) => {
      const info = normalized(await daemon.docker.getContainer(id).inspect());
      const { stdout } = await runExec(daemon, id, ['bash', '-c', seenInside]);
      return [name, { info, inside: stdout.split('\n') }];
    }),
  ];
  return Object.fromEntries(await Promise.all(facts));
}
