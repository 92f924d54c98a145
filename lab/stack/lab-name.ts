import { LabError } from '../errors.ts';

/** The default name of a lab. */
export const defaultLabName = 'ftplab';

/** Throws LabError `usage` if the text cannot be a lab's name, which is used in Docker names, labels and a folder name. */
export function checkLabName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,29}$/.test(name) && name !== 'all') return;
  throw new LabError(
    'usage',
    'bad-lab-name',
    `"${name}" cannot be a lab's name`,
    'Use 1 to 30 lower-case letters, digits and hyphens, starting with a letter or digit; "all" is reserved.',
  );
}
