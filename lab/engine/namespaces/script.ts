import { createHash } from 'node:crypto';
import { shellQuoted } from '../../shell-quoted.ts';
import type { DesiredContainer, DesiredNetwork } from '../stack-file.ts';
import { hostNameOf } from './rights.ts';
import { type SandboxKind, sandbox } from './sandbox.ts';

/*
 * Shell text for the lab's own namespaces, run by sh as their first process. The lab's files are in /run/lab there, on a
 * tmpfs that disappears with the lab:
 *   images          what hosts' file systems are mounted from, read-only
 *   lab.json        what the lab was made from
 *   HOST/root       a host's file system: image layers below, HOST/upper on top
 *   HOST/log        what its main process wrote to standard output; HOST/errors: to standard error
 *   HOST/exit       its exit status, once it has ended
 */
export const labFolder = '/run/lab';

/** What a host is made from in addition to its definition. */
export interface HostFiles {
  /** Folders below {@link labFolder}`/images`, the topmost first. */
  readonly layers: readonly string[];
  readonly command: readonly string[];
  /** Capabilities (capabilities(7)), without their prefix. */
  readonly capabilities: readonly string[];
}

/** A host that is to be made. */
export interface HostToMake {
  readonly desired: DesiredContainer;
  readonly files: HostFiles;
}

/** What to remove and what to make. */
export interface Work {
  readonly remove: { readonly hosts: readonly string[]; readonly networks: readonly string[] };
  readonly networks: readonly DesiredNetwork[];
  readonly hosts: readonly HostToMake[];
  /** Every network of the lab. */
  readonly all: readonly DesiredNetwork[];
  /** Whether overlays keep their notes in attributes that an ordinary user may write. */
  readonly userxattr: boolean;
  readonly sandboxes: SandboxKind;
}

/**
 * The beginning: makes {@link labFolder}. `$1` is the folder of the images. Hosts do not share the machine's hash of TCP connections
 * (ip-sysctl, tcp_child_ehash_entries; Linux 6.1), since whoever looks for a few sockets walks all of it, which takes milliseconds.
 */
export const beginning = `set -e
mount -t tmpfs -o mode=755 isa-ftp-lab /run
mkdir -p /run/netns ${labFolder}/images
mkfifo ${labFolder}/control
mount --bind "$1" ${labFolder}/images
ip link set lo up
for key in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -w "$key" ] || echo 0 > "$key"; done
hash=/proc/sys/net/ipv4/tcp_child_ehash_entries
[ ! -w $hash ] || echo 4096 > $hash
`;

/** How the first process ends: it runs what it is told, until its input ends. */
export const listening = 'set +e\nwhile read -r line; do eval "$line"; done\n';

/** Makes the first process outlive its parent, and read further commands from a fifo that never ends. */
export const outlive = `exec 0<> ${labFolder}/control > /dev/null 2>&1`;

/** What a network's bridge is called. Interfaces have names of 15 characters at most. */
export function bridgeOf(network: string): string {
  return `br-${digest(network)}`;
}

/** The end of a host's link that is in the bridge. */
function portOf(host: string, leg: number): string {
  return `p${digest(host)}-${leg}`;
}

/** A host that is replaced keeps it, as with Docker, because its neighbours remember this address for a while. */
function hardwareAddressOf(address: string): string {
  const octets = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return ['02', '42', ...octets].join(':');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The script that removes, then makes. */
export function workScript({ remove, networks, hosts, all, userxattr, sandboxes }: Work): string {
  const links = [
    ...networks.flatMap(({ name }) => [
      `link add ${bridgeOf(name)} type bridge forward_delay 0 mcast_snooping 0`,
      `link set ${bridgeOf(name)} up`,
    ]),
    ...hosts.flatMap(({ desired }) => {
      const host = hostNameOf(desired);
      return [
        `netns add ${host}`,
        ...desired.networks.flatMap((leg, number) => [
          `link add ${portOf(host, number)} type veth peer name eth${number} address ${hardwareAddressOf(leg.address)} netns ${host}`,
          `link set ${portOf(host, number)} master ${bridgeOf(leg.name)} up`,
        ]),
      ];
    }),
  ];
  return [
    ...remove.hosts.map(
      (host) => `ip netns del ${host}; umount ${labFolder}/${host}/root; rm -rf ${labFolder}/${host}`,
    ),
    ...remove.networks.map((name) => `ip link del ${bridgeOf(name)}`),
    ...hosts.map(folders),
    ...whenAny(hosts, [
      "cat > fstab << 'END'",
      ...hosts.map((host) => overlay(host, userxattr)),
      'END',
      'mount -a -T fstab',
    ]),
    ...whenAny(links, ["ip -batch - << 'END'", ...links, 'END']),
    ...hosts.map((host) => start(host, all, sandboxes)),
    '',
  ].join('\n');
}

function whenAny(things: readonly unknown[], lines: string[]): string[] {
  return things.length === 0 ? [] : lines;
}

/** The folders of a host, with what a container's engine writes into /etc. */
function folders({ desired }: HostToMake): string {
  const host = hostNameOf(desired);
  const folder = `${labFolder}/${host}`;
  const hostname = desired.hostname ?? host;
  const hosts = [
    '127.0.0.1\tlocalhost',
    ...desired.hosts.map(({ host: name, ip }) => `${ip}\t${name}`),
    `${desired.networks[0].address}\t${hostname}`,
  ];
  return [
    `mkdir -p ${folder}/upper/etc ${folder}/work ${folder}/root`,
    `cat > ${folder}/upper/etc/hosts << 'END'`,
    ...hosts,
    'END',
    `echo ${shellQuoted(hostname)} > ${folder}/upper/etc/hostname`,
    `printf 'nameserver %s\\n' ${desired.dns.map(shellQuoted).join(' ')} > ${folder}/upper/etc/resolv.conf`,
  ].join('\n');
}

/** A line of fstab(5). */
function overlay({ desired, files }: HostToMake, userxattr: boolean): string {
  const folder = `${labFolder}/${hostNameOf(desired)}`;
  const lower = files.layers.map((layer) => `${labFolder}/images/${layer}`).join(':');
  const options = [`lowerdir=${lower}`, `upperdir=${folder}/upper`, `workdir=${folder}/work`];
  return `overlay ${folder}/root overlay ${[...options, ...(userxattr ? ['userxattr'] : [])].join(',')} 0 0`;
}

/**
 * Starts a host in the background. Kernel parameters of its network are set from outside, because bubblewrap makes them
 * read-only. IPv6 is off, as Docker has it in networks without IPv6.
 */
function start(
  { desired, files }: HostToMake,
  networks: readonly DesiredNetwork[],
  how: SandboxKind,
): string {
  const host = hostNameOf(desired);
  const folder = `${labFolder}/${host}`;
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': '1', ...desired.sysctls };
  const network = [
    'link set lo up',
    ...desired.networks.flatMap((leg, number) => [
      `address add ${leg.address}/${prefixLength(leg.name, networks)} broadcast + dev eth${number}`,
      `link set eth${number} up`,
    ]),
  ];
  const inside = [
    ...Object.entries(sysctls).map(
      ([key, value]) =>
        `[ ! -e /proc/sys/${key.replaceAll('.', '/')} ] || echo ${shellQuoted(value)} > /proc/sys/${key.replaceAll('.', '/')}`,
    ),
    `printf '%s\\n' ${network.map(shellQuoted).join(' ')} | ip -batch -`,
    `exec ${sandbox(how, { desired, root: `${folder}/root`, ...files })
      .map(shellQuoted)
      .join(' ')} > ${folder}/log 2> ${folder}/errors < /dev/null`,
  ].join('\n');
  return `(set +e; ip netns exec ${host} sh -ec ${shellQuoted(inside)}; echo $? > ${folder}/exit) > ${folder}/errors 2>&1 < /dev/null &`;
}

function prefixLength(name: string, networks: readonly DesiredNetwork[]): string {
  return networks.find((network) => network.name === name)?.ipam[0]?.subnet.split('/')[1] ?? '24';
}
