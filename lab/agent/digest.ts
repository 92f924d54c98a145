import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileDigest } from '../model/attempt.ts';

/** SHA-256 (hex) and size of each file below `folder`, which is removed afterwards; `null` for one that is not there. */
export function digestAndRemove(folder: string, files: readonly string[]): Promise<(FileDigest | null)[]> {
  return Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (content === null) return null;
      await rm(path);
      return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
    }),
  );
}
