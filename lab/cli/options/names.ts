import { InvalidArgumentError } from 'commander';
import { LabError, withFile } from '../../errors.ts';
import { type Names, namesFrom } from '../../model/names.ts';

/** `NAME`, or `NAME=VALUE`. */
export interface Named {
  readonly name: string;
  readonly value: string | undefined;
}

/** Parses one `NAME` or `NAME=VALUE`. */
export function named(text: string): Named {
  const [name = '', ...rest] = text.split('=');
  const value = rest.length === 0 ? undefined : rest.join('=');
  if (name === '' || value === '') throw new InvalidArgumentError('Write a name, "=" and a value.');
  return { name, value };
}

/** Parses a repeatable option. */
export function collectNamed(text: string, earlier: Named[] = []): Named[] {
  return [...earlier, named(text)];
}

/** What hosts are called by `--call`, and else by the configuration in `file`. Throws LabError `usage`. */
export function namesOf(call: readonly Named[] = [], configured: Names = {}, file = ''): Names {
  try {
    namesFrom(Object.entries(configured));
  } catch (error) {
    throw withFile(error, file);
  }
  return namesFrom([
    ...Object.entries(configured),
    ...call.map(({ name, value }): [string, string] => {
      if (value !== undefined) return [name, value];
      throw new LabError(
        'usage',
        'name-missing',
        `--call ${name} does not say what the host is called`,
        'Write --call isa-y=NAME.',
      );
    }),
  ]);
}
