import { InvalidArgumentError } from 'commander';

/** An option's value as a whole number above zero; anything else is a usage error. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}

/** Parses a whole number from 1 to `most`. */
export function atMost(most: number): (text: string) => number {
  return (text) => {
    const value = positiveInteger(text);
    if (value > most) throw new InvalidArgumentError(`It must be at most ${most}.`);
    return value;
  };
}
