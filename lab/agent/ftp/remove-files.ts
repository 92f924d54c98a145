import { setTimeout as pause } from 'node:timers/promises';
import { type Client, FTPError } from 'basic-ftp';
import type { AttemptOrder } from '../protocol.ts';
import { GuardedClient, timeout } from './guarded-client.ts';

/** How often removing a file is tried again, and after how long: a server may have it open for a moment. */
const tries = 3;
const pauseMs = 1000;

/** What became of files that were to be removed. */
export interface Removal {
  /** Those that are, or may be, still there. */
  readonly left: readonly string[];
  /** How many bytes the server held under each name before; `null` for no file. A file whose size it did not tell is left out. */
  readonly held: ReadonlyMap<string, number | null>;
}

/**
 * Removes files from a server in a session of its own, and asks for their sizes first. A file that the server does not know
 * counts as removed. Does not throw: if the server cannot be reached, every file may still be there.
 */
export async function removeFiles(
  {
    host,
    port,
    user,
    password,
    patienceMs,
  }: Pick<AttemptOrder, 'host' | 'port' | 'user' | 'password' | 'patienceMs'>,
  files: readonly string[],
): Promise<Removal> {
  const held = new Map<string, number | null>();
  let left = [...files];
  for (let round = 1; left.length > 0 && round <= tries; round++) {
    if (round > 1) await pause(pauseMs);
    const client = new GuardedClient(patienceMs, password);
    try {
      await client.connect(host, port);
      await client.login(user, password);
      // SIZE of an ASCII transfer is refused by some servers (RFC 3659 section 4).
      await client.send('TYPE I');
      for (const file of left) {
        if (!held.has(file)) {
          const bytes = await sizeOf(client, file);
          if (bytes !== undefined) held.set(file, bytes);
        }
        if (await isGone(client, file)) left = left.filter((other) => other !== file);
      }
    } catch (error) {
      if (String(error).includes(timeout)) break;
      // The next round tries again.
    } finally {
      client.close();
    }
  }
  return { left, held };
}

/** A file's size in bytes (RFC 3659 section 4), `null` if there is none; `undefined` if the server does not say. */
async function sizeOf(client: Client, file: string): Promise<number | null | undefined> {
  try {
    const [, bytes] = /^213 (\d{1,15})\b/.exec((await client.send(`SIZE ${file}`)).message) ?? [];
    return bytes === undefined ? undefined : Number(bytes);
  } catch (error) {
    if (!(error instanceof FTPError)) throw error;
    return error.code === 550 ? null : undefined;
  }
}

/** Whether a file was removed or never was: DELE (RFC 959 section 4.1.3), then SIZE (RFC 3659 section 4). */
async function isGone(client: Client, file: string): Promise<boolean> {
  try {
    await client.send(`DELE ${file}`);
    return true;
  } catch (error) {
    if (!(error instanceof FTPError)) throw error;
  }
  return (await sizeOf(client, file)) === null;
}
