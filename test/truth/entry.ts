import { type TransferMode, transferModes } from '../../lab/model/attempt.ts';
import type { Cause } from '../../lab/model/cause.ts';
import type { ClientName, FirewallName, RulesPlace, ServerName } from '../../lab/network/topology.ts';

/** What an attempt should come to. A field that is left out is not checked; of several values any is true. */
export interface Outcome {
  readonly uploaded: boolean;
  readonly cause: Cause | readonly Cause[];
  /** `null`: no firewall decided. */
  readonly firewall?: RulesPlace | null;
  /** The deciding rule's comment, else its text, else `policy CHAIN DROP`. `null`: no rule decided. */
  readonly rule?: string | readonly string[] | null;
  readonly failedAt?: 'connect' | 'login' | 'store-small' | 'store-large';
}

/** What should become of a file: an outcome in each transfer mode that is tried, or a refusal whose message matches. */
export type Expected = Readonly<Partial<Record<TransferMode, Outcome>>> | { readonly refused: RegExp };

/** A file of the corpus, and what it should come to, written down before the lab saw it. */
export interface Entry {
  /** Unique. */
  readonly name: string;
  /** The iptables-save file, below test/truth. Several entries may share one. */
  readonly file?: string;
  /** Where there is no file: its text. */
  readonly text?: () => string;
  /** The firewall that it is for. Default `isa-y`: the attempts are y-server's; `isa-x`: x-workstation's. */
  readonly firewall?: FirewallName;
  /** Who uploads, if somebody else. */
  readonly client?: ClientName;
  /** Whom the attempts go to. Default `vsftpd`. */
  readonly server?: ServerName;
  /** Whether the uploads are by IPv6, in epsv and eprt. Default: by IPv4. */
  readonly ipv6?: true;
  /** A file with the sets that it asks, below test/truth. */
  readonly ipset?: string;
  /** Whether the lab is told to answer although the file may not hold all that decides (`--as-is`). Default false. */
  readonly asIs?: true;
  readonly expected: Expected;
  /** How the rules alone lead to what is expected. */
  readonly why: string;
  /** What the verdict's sentence should tell besides the code, the firewall and the rule. */
  readonly tells?: string;
  /** What was expected before the rules were read again, and why that was wrong. */
  readonly corrected?: string;
}

/** Entries of one kind. */
export interface Kind {
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** The upload works. */
export const up: Outcome = { uploaded: true, cause: 'none', firewall: null, rule: null };

/** The upload fails; on isa-y unless said otherwise. */
export function blocked(cause: Outcome['cause'], rest: Omit<Outcome, 'uploaded' | 'cause'> = {}): Outcome {
  return { uploaded: false, cause, firewall: 'isa-y', ...rest };
}

/** The same in every mode. */
export function all(outcome: Outcome): Expected {
  return Object.fromEntries(transferModes.map((mode) => [mode, outcome]));
}

/** By mode: `passive` is pasv and epsv, `active` is port and eprt. Modes that are left out are not tried. */
export function each({
  passive,
  active,
  ...modes
}: Partial<Record<TransferMode | 'passive' | 'active', Outcome>>): Expected {
  return {
    ...(passive && { pasv: passive, epsv: passive }),
    ...(active && { port: active, eprt: active }),
    ...modes,
  };
}

/** The lab should not answer but refuse, with a LabError whose message or hint matches. */
export function refused(says: RegExp): Expected {
  return { refused: says };
}
