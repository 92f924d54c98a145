import { createHash } from 'node:crypto';
import { shellQuoted } from '../../shell-quoted.ts';
import { labels } from '../../stack/labels.ts';
import type { DesiredContainer, DesiredNetwork } from '../stack-file.ts';

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
}

/** The beginning: makes {@link labFolder}. `$1` is the folder of the images. */
export const beginning = `set -e
mount -t tmpfs -o mode=755 isa-ftp-lab /run
mkdir -p /run/netns ${labFolder}/images
mkfifo ${labFolder}/control
mount --bind "$1" ${labFolder}/images
ip link set lo up
for key in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -w "$key" ] || echo 0 > "$key"; done
`;

/** How the first process ends: it runs what it is told, until its input ends. */
export const listening = 'set +e\nwhile read -r line; do eval "$line"; done\n';

/** Makes the first process outlive its parent, and read further commands from a fifo that never ends. */
export const outlive = `exec 0<> ${labFolder}/control > /dev/null 2>&1`;

/** A host's name within its lab. */
export function hostNameOf({ name, labels: own }: Pick<DesiredContainer, 'name' | 'labels'>): string {
  return own[labels.host] ?? name;
}

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
export function workScript({ remove, networks, hosts, all, userxattr }: Work): string {
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
    ...hosts.map((host) => start(host, all)),
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
function start({ desired, files }: HostToMake, networks: readonly DesiredNetwork[]): string {
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
    `exec ${sandbox(desired, files).map(shellQuoted).join(' ')} > ${folder}/log 2> ${folder}/errors < /dev/null`,
  ].join('\n');
  return `(set +e; ip netns exec ${host} sh -ec ${shellQuoted(inside)}; echo $? > ${folder}/exit) > ${folder}/errors 2>&1 < /dev/null &`;
}

function prefixLength(name: string, networks: readonly DesiredNetwork[]): string {
  return networks.find((network) => network.name === name)?.ipam[0]?.subnet.split('/')[1] ?? '24';
}

/**
 * Settings of the whole machine, which its root may change from wherever it sees them: bubblewrap leaves /proc/sys as it is, since
 * that folder itself cannot be written to, and core_pattern in it names a program that the machine runs.
 */
const machinesOwn = ['/proc/sys', '/proc/fs', '/proc/irq', '/proc/bus', '/proc/sysrq-trigger'];

/** bwrap(1) and what it runs. */
function sandbox(desired: DesiredContainer, { command, capabilities }: HostFiles): string[] {
  const host = hostNameOf(desired);
  return [
    'bwrap',
    ...[desired.readOnly ? '--ro-bind' : '--bind', `${labFolder}/${host}/root`, '/'],
    ...Object.entries(desired.tmpfs).flatMap(([path, options]) => inMemory(path, options)),
    ...['--dev', '/dev', '--ro-bind', '/sys', '/sys'],
    ...['--proc', '/proc', ...machinesOwn.flatMap((path) => ['--ro-bind-try', path, path])],
    ...['--unshare-pid', '--unshare-uts', '--unshare-ipc', '--hostname', desired.hostname ?? host],
    ...['--die-with-parent', '--chdir', '/', '--cap-drop', 'ALL'],
    ...capabilities.flatMap((capability) => ['--cap-add', `CAP_${capability}`]),
    '--clearenv',
    ...environmentOf(desired).flatMap(([name, value]) => ['--setenv', name, value]),
    '--',
    ...limitedTo(desired),
    ...confinedTo(capabilities),
    ...command,
  ];
}

/** Options of tmpfs(5) that bubblewrap can set. */
const tmpfsOptions = { size: /^size=(\d+)m$/, mode: /^mode=([0-7]{3,4})$/ };

/** What of a folder's options cannot be set; `undefined` if all can. */
export function unknownTmpfsOption(options: string): string | undefined {
  const known = Object.values(tmpfsOptions);
  return options.split(',').find((option) => !known.some((pattern) => pattern.test(option)));
}

function inMemory(path: string, options: string): string[] {
  const given = (pattern: RegExp) =>
    options.split(',').flatMap((option) => pattern.exec(option)?.slice(1) ?? []);
  return [
    ...given(tmpfsOptions.size).flatMap((size) => ['--size', String(Number(size) * 2 ** 20)]),
    ...given(tmpfsOptions.mode).flatMap((mode) => ['--perms', mode.padStart(4, '0')]),
    ...['--tmpfs', path],
  ];
}

/**
 * Limits a host's memory as far as this is possible without control groups, which an ordinary user, a container and a
 * machine with systemd each have elsewhere or not at all: for each process by itself (getrlimit(2), RLIMIT_DATA).
 */
export function limitedTo({ memory }: Pick<DesiredContainer, 'memory'>): string[] {
  return memory === null ? [] : ['prlimit', `--data=${memory * 2 ** 20}`, '--'];
}

/** Reduces a process of root to these capabilities for good (setpriv(1)). */
export function confinedTo(capabilities: readonly string[]): string[] {
  const bounding = ['-all', ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(',');
  return ['setpriv', `--bounding-set=${bounding}`, '--inh-caps=-all', '--no-new-privs', '--'];
}

/** The environment of a host's processes. */
export function environmentOf(desired: DesiredContainer): [name: string, value: string][] {
  return [
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOME', '/root'],
    ['HOSTNAME', desired.hostname ?? hostNameOf(desired)],
    ...desired.env.map((entry): [string, string] => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  ];
}

/** What containers may do unless told otherwise, by Docker's defaults (capabilities(7)). */
const usualCapabilities = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** What a host may do, without the prefix `CAP_`. */
export function capabilitiesOf({ capabilities: { add, drop } }: DesiredContainer): string[] {
  const bare = (names: readonly string[]) => names.map((name) => name.replace(/^CAP_/, ''));
  const dropped = new Set(bare(drop));
  return [...new Set([...usualCapabilities, ...bare(add)])].filter((name) => !dropped.has(name));
}
