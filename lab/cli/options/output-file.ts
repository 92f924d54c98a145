import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '../../errors.ts';

/** Throws LabError `usage` if the file of the option `name` could not be written. */
export async function checkWritable(name: string, file: string): Promise<void> {
  const refused = (why: string, cause?: unknown) =>
    new LabError('usage', `${name}-not-writable`, `--${name} cannot write ${file}: ${why}`, undefined, {
      cause,
    });
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw refused('it is a folder');
  try {
    await access(found ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw refused(
      found ? 'no permission' : `the folder ${dirname(file)} does not exist or is not writable`,
      error,
    );
  }
}

/** Writes to the file of the option `name`. Throws LabError `environment` if that fails. */
export async function writeOutput<Content extends string | Buffer>(
  name: string,
  file: string,
  content: Content,
  write: (file: string, content: Content) => Promise<void> = writeFile,
): Promise<void> {
  await write(file, content).catch((error: Error) => {
    const message = `--${name} could not write ${file}: ${error.message}`;
    throw new LabError('environment', `${name}-not-written`, message, undefined, { cause: error });
  });
}
