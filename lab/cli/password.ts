import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { LabError } from '../errors.ts';
import { printable } from '../printable.ts';
import type { Context } from './context.ts';

/** The environment variable that scripts use for the password. */
export const passwordVariable = 'FTPLAB_PASSWORD';

/**
 * The password: from the environment, or typed by the user without echo. Throws LabError `no-password` if neither is
 * possible, or the reason of the interruption.
 */
export async function readPassword(user: string, host: string, context: Context): Promise<string> {
  const given = process.env[passwordVariable];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY)
    throw new LabError(
      'usage',
      'no-password',
      `No password is given for ${user}@${host}`,
      `Set the environment variable ${passwordVariable}, or run this in a terminal, which asks for it.`,
    );
  return prompt(`Password for ${user}@${host}: `, context);
}

async function prompt(question: string, { interruption, output }: Context): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input: process.stdin, output: unseen, terminal: true, historySize: 0 });
  process.stderr.write(printable(question));
  try {
    return await new Promise<string>((resolve, reject) => {
      // In raw mode Ctrl-C is a key, not a signal.
      line.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      line.on('close', () =>
        reject(new LabError('usage', 'no-password', 'No password was given', undefined)),
      );
      interruption.signal.addEventListener('abort', () => reject(interruption.signal.reason), { once: true });
      line.question('', resolve);
    });
  } finally {
    line.close();
    output.message('');
  }
}
