import { InvalidArgumentError } from 'commander';
import { indexVariable } from '../../job/job.ts';
import type { Shard } from '../../model/shard.ts';

/** A shard as the command line names it. */
export interface NamedShard extends Shard {
  /** Whether the place comes from the job that this process belongs to. */
  readonly inJob: boolean;
}

/** The value of `--shard`: `2/3` is the second of three, `job/3` the one of three that is this container's in a job. */
export function parseShard(text: string): NamedShard {
  const inJob = text.startsWith('job/');
  const given = inJob ? text.replace('job', String(placeInJob())) : text;
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(given) ?? []).map(Number);
  if (index < 1 || index > count)
    throw new InvalidArgumentError(
      inJob
        ? `In this job it is ${given}, and it must be 1/n to n/n.`
        : 'It must be i/n with i from 1 to n: 1/2, then 2/2.',
    );
  return { index, count, inJob };
}

/** From 1. To its first task Swarm gives the node's id, since that task's number is 0. */
function placeInJob(): number {
  const place = process.env[indexVariable];
  if (!place)
    throw new InvalidArgumentError(`job/n is for containers of a job, which have ${indexVariable}.`);
  return /^\d{1,6}$/.test(place) ? Number(place) + 1 : 1;
}
