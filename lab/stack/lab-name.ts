import { LabError } from '../errors.ts';

/** What a lab is called unless told otherwise. */
export const defaultLabName = 'ftplab';

/** Throws LabError `usage` for what cannot be a lab's name; it goes into Docker's names, labels and a folder's name. */
export function checkLabName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,29}$/.test(name) && name !== 'all') return;
  throw new LabError(
    'usage',
    'bad-lab-name',
    `"${name}" cannot be a lab's name`,
    'Use 1 to 30 lower-case letters, digits and hyphens, a letter or digit first; "all" is taken.',
  );
}
