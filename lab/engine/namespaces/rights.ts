import { labels } from '../../stack/labels.ts';
import type { DesiredContainer } from '../stack-file.ts';

/** A host's name within its lab. */
export function hostNameOf({ name, labels: own }: Pick<DesiredContainer, 'name' | 'labels'>): string {
  return own[labels.host] ?? name;
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
