import { InvalidArgumentError } from 'commander';
import type { Shard } from '../../model/shard.ts';

/** The value of `--shard`: `2/3` is the second of three. */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > count)
    throw new InvalidArgumentError('It must be i/n with i from 1 to n: 1/2, then 2/2.');
  return { index, count };
}
