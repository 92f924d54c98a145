import type { Progress } from '../errors.ts';
import type { Check } from '../model/check.ts';
import type { LabChange } from '../model/result/plan.ts';
import type { LabStatus } from '../model/result/status.ts';

/** The kinds of engine that can deploy a synthesized stack. Terraform uses Docker. */
export const engineKinds = ['docker', 'namespaces', 'terraform'] as const;
export type EngineKind = (typeof engineKinds)[number];

/** One host of one lab, a firewall included. */
export interface HostOfLab {
  readonly lab: string;
  readonly host: string;
}

/** A range of addresses that is in use, and by what, in words. */
export interface Occupied {
  /** IPv4 CIDR or a bare address. */
  readonly cidr: string;
  readonly by: string;
}

/** How many networks and hosts `up` dealt with. `changed` ones were replaced, `removed` ones were no longer in the stack. */
export interface UpResult {
  readonly name: string;
  readonly created: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** How much `down` removed. */
export interface DownResult {
  readonly hosts: number;
  readonly networks: number;
}

/** Options of work that takes a while. */
export interface WorkOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface PrepareOptions extends WorkOptions {
  /** Whether the tools to build images may be installed on this machine. Default false. */
  readonly install?: boolean;
}

export interface UpOptions extends WorkOptions {
  /** How long each host may take to be ready, in seconds. Default 15. */
  readonly readyWithin?: number;
  /** The lab should disappear when this process ends, however it ends, if the engine can do that. Default: it stays. */
  readonly passing?: boolean;
}

/** A process in a host, started once and spoken to line by line. */
export interface HostProcess {
  /** Sends one line to the process' standard input; the newline is added. Throws LabError `stream-closed` afterwards. */
  write(line: string): void;
  /** The last 4,000 characters or so that the process wrote to standard error. */
  stderr(): string;
  /** Settles when the process has ended or the connection is gone. `code` is `null` if the engine does not know it. */
  readonly closed: Promise<{ readonly code: number | null }>;
  /** Closes standard input and waits for the process, for a second at most; then disconnects. */
  close(): Promise<void>;
}

/** A process in a host that has ended. */
export interface EndedProcess {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host's output that is being followed. */
export interface FollowedLog {
  /** Settles when the host has stopped or following has ended. */
  readonly closed: Promise<void>;
  close(): void;
}

/**
 * Makes labs from synthesized stacks and runs processes in their hosts. Errors are LabError. Several methods throw
 * `host-unavailable` for a host that is gone or stopped, and the signal's reason for an aborted signal.
 */
export interface Engine {
  readonly kind: EngineKind;
  /** How it was found, for people: a socket's path, `DOCKER_HOST=...`, or "this machine's namespaces". */
  readonly name: string;
  /** Its name and version, for documents: `docker 20.10.24`. */
  readonly version: string;
  /** Environment variables by which this program and others find it. */
  readonly environment: Readonly<Record<string, string>>;

  /** Makes the images that are missing; leaves the others alone. Throws `image-build-failed` or `no-base-image`. */
  prepare(options?: PrepareOptions): Promise<void>;
  /** All labs, sorted by name; half-made and broken ones included. */
  labs(): Promise<LabStatus[]>;
  /** Ranges that a lab must not use, except those of the lab `except`. */
  occupied(except?: string): Promise<Occupied[]>;
  /** What `up` would change, including images that it would build; changes nothing. */
  plan(stackFile: string, options?: WorkOptions): Promise<LabChange[]>;
  /**
   * Makes networks and hosts those of a stack file, and waits until every host is ready. Leaves alone what is already right.
   * If it fails, everything that this call created is removed. Throws `not-ready`, `image-missing`,
   * `address-clash`, the stack file's own errors, and `unsupported-in-stack` for what the engine cannot carry out.
   */
  up(stackFile: string, options?: UpOptions): Promise<UpResult>;
  /** Removes everything that belongs to a lab, even if the current source no longer has it. Removing nothing is fine. Throws `not-removed`. */
  down(lab: string, options?: WorkOptions): Promise<DownResult>;

  /** Starts a process in a host. `onLine` gets each line of its standard output as it arrives. */
  open(at: HostOfLab, command: readonly string[], onLine: (line: string) => void): Promise<HostProcess>;
  /** Runs a process in a host to its end. */
  run(at: HostOfLab, command: readonly string[], signal?: AbortSignal): Promise<EndedProcess>;
  /**
   * Hands over each line that the host's main process writes to standard output from now on: resolves once attached, so
   * nothing written afterwards is missed.
   */
  follow(at: HostOfLab, onLine: (line: string) => void, signal?: AbortSignal): Promise<FollowedLog>;
  /** The last `tail` lines that the host's main process has written. */
  readLog(at: HostOfLab, tail: number): Promise<string[]>;
  /** Wires this process' terminal, or its input as it is, to a program in a host; returns its exit status. */
  shell(at: HostOfLab, command: readonly string[], signal: AbortSignal): Promise<number>;

  /** What it needs of this machine, each thing tried; does not throw if something is missing. */
  checks(): Promise<Check[]>;
  /** Runs a shell script as a firewall's main process would run, without a network; returns what it wrote. */
  tryInFirewall(script: string): Promise<string>;
}
