/* What `ftplab.config.ts` says: what a user would otherwise write into every command. */
import type { NetworkDefinition } from '../network/definition.ts';
import type { SubnetName } from '../network/topology.ts';
import type { Names } from './names.ts';

/**
 * What every command takes from `ftplab.config.ts`, unless the command line says otherwise. Paths are relative to the file. Hosts may go by the
 * names that it gives them.
 */
export interface Config {
  /** A network of your own: its description, or a file that exports that by default. Default: that of the original report. */
  readonly network?: NetworkDefinition | string;
  /** Its scenarios, for `run` and `explain`: a file that exports a list of them by default. */
  readonly scenarios?: string;
  /** What you call hosts of the lab, by the lab's own names; `--call` of the command line. */
  readonly names?: Names;
  /** The rules that commands are about if none are named: a file, or a shipped rule set. For `compare` these are AFTER. */
  readonly rules?: string;
  /** The rules in force now: BEFORE of `compare`, `--before` of `recommend`. */
  readonly before?: string;
  /** Where iptables-save files stand: a firewall, or a client or server whose own firewall they are. Default: `isa-y`. */
  readonly on?: string;
  /** The firewall's interface towards its subnet, with its address if you like: `eth1`, `eth1=10.1.2.1`. */
  readonly inside?: string;
  /** The same towards External. */
  readonly outside?: string;
  /** Interfaces there, each with its subnet and address if you like: `eth1=y=10.1.2.1`. A client's or server's has a name at least: `ens18`. */
  readonly interface?: string | readonly string[];
  /** Ranges in CIDR notation: IPv4, IPv6, or one of each. */
  readonly subnets?: Readonly<Record<SubnetName, string | readonly string[]>>;
  /** Addresses of clients and servers: IPv4, IPv6, or one of each. */
  readonly hosts?: Readonly<Record<string, string | readonly string[]>>;
  /** A file with the output of `ipset save`. */
  readonly ipset?: string;
  /** Uploads that must work: client/server/mode, or a part of it. */
  readonly need?: readonly string[];
  /** Uploads that must not work. */
  readonly forbid?: readonly string[];
  /** What creates the lab. */
  readonly engine?: 'docker' | 'namespaces' | 'terraform';
}

/** What `ftplab.config.ts` exports by default, so that an editor knows its fields. */
export function defineConfig(config: Config): Config {
  return config;
}
