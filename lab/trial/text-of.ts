import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { LabError, withFile } from '../errors.ts';
import type { AboutFile } from '../model/origin.ts';
import { sha256Of } from './load-module.ts';

/** Stands for standard input where a file is named. */
export const standardInput = '-';

/** What results call it. */
const standardInputCalled = 'standard input';

/** What rules of a file are called: the file's name without its ending. */
export function nameOf(path: string): string {
  return path === standardInputCalled ? 'stdin' : basename(path, extname(path));
}

/** Calls `read`, and puts the file's name in front of its LabErrors. */
export function named<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw withFile(error, file);
  }
}

/** A file's text, and the file as results name it. Throws LabError `file-unreadable` or `empty-file`. */
export async function textOf(
  path: string,
  hint: string,
): Promise<{ readonly text: string; readonly about: AboutFile }> {
  const [file, from] = path === standardInput ? [standardInputCalled, '/dev/stdin'] : [path, path];
  let bytes: Buffer;
  try {
    bytes = await readFile(from);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    throw new LabError('usage', 'file-unreadable', `${file} ${why}`, undefined, { cause: error });
  }
  const text = bytes.toString('utf8');
  if (text.trim() === '') throw new LabError('usage', 'empty-file', `${file} is empty`, hint);
  return { text, about: { path: file, sha256: sha256Of(bytes) } };
}
