/** A run divided among containers of one image, on as many machines as a cluster has. */
export interface Job {
  /** Of the job, in the cluster. */
  readonly name: string;
  /** Of the lab in one image, as the cluster's machines can pull it. */
  readonly image: string;
  readonly shards: number;
  /** What follows `ftplab run`: patterns and options. */
  readonly choice: readonly string[];
}

/**
 * The environment variable that gives a container its place, from 0. Kubernetes sets it in Indexed Jobs; for other clusters the
 * job sets it.
 */
export const indexVariable = 'JOB_COMPLETION_INDEX';

/** What `--shard` says in a container of a job: its own part of `count`. */
export function shardInJob(count: number): string {
  return `job/${count}`;
}

/** Arguments of the image in every container. The results go to its log, and nothing else does. */
export function argumentsOf({ shards, choice }: Job): string[] {
  return ['--quiet', 'run', ...choice, '--shard', shardInJob(shards), '--json', '-'];
}

/** What a container of a job may need, at most: a lab and Node.js take about a quarter of it. */
export const memoryLimit = { mebibytes: 2048 };

/**
 * Capabilities (capabilities(7)) that suffice for a lab in a user namespace of its own. The container may then have no other, but
 * its seccomp profile has to allow unshare(2), and its proc(5) must have nothing hidden.
 */
export const capabilitiesToMapIds = ['SETUID', 'SETGID', 'SETFCAP'] as const;

/** Capabilities that a lab needs in addition to Docker's defaults, if the default seccomp profile is to stay. */
export const capabilitiesOfRoot = ['SYS_ADMIN', 'NET_ADMIN', 'SYS_NICE', 'DAC_READ_SEARCH'] as const;
