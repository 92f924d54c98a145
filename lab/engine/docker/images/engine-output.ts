import type { Readable } from 'node:stream';

/** One message of the engine while it builds, imports or pulls: JSON, one a line. */
interface Message {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
}

/** What {@link readEngineOutput} hands over. */
export interface EngineOutput {
  /** The last lines, oldest first. */
  readonly lines: readonly string[];
  /** If it failed, the engine's own words, or why the lab listened no longer. */
  readonly error: string | null;
}

const linesKept = 200;

/** The most that an engine may say of one build, in bytes, and its longest silence, in milliseconds: a package may take minutes. */
const mostSaid = 64 * 2 ** 20;
const silentAtMost = 15 * 60_000;

/**
 * Reads the output of a build, import or pull to its end. Its HTTP status is 200 even if it failed: the failure is in
 * the last message. `onLine` gets each line as it comes. An output that goes silent, does not end or is none of the Docker Engine's
 * is read no further, and is an error. Throws if the connection breaks or is aborted.
 */
export async function readEngineOutput(
  output: NodeJS.ReadableStream,
  onLine: (line: string) => void = () => {},
  silence = silentAtMost,
): Promise<EngineOutput> {
  const lines: string[] = [];
  let error: string | null = null;
  let rest = '';
  let said = 0;
  let gaveUp = false;
  const giveUp = (why: string) => {
    error = why;
    gaveUp = true;
    (output as Readable).destroy();
  };
  const take = (json: string) => {
    if (json.trim() === '') return;
    const message = messageIn(json);
    if (message === null) return giveUp('what answers does not speak the Docker Engine API');
    if (message.error !== undefined) error = message.error;
    for (const line of (message.stream ?? message.status ?? '').split('\n')) {
      if (line.trim() === '') continue;
      lines.push(line.trimEnd());
      if (lines.length > linesKept) lines.shift();
      onLine(line);
    }
  };
  const silent = () => giveUp(`the engine has said nothing for ${silence / 1000} s`);
  let timer = setTimeout(silent, silence);
  try {
    for await (const chunk of output) {
      clearTimeout(timer);
      timer = setTimeout(silent, silence);
      said += chunk.length;
      if (said > mostSaid) giveUp(`its output does not end: more than ${mostSaid / 2 ** 20} MiB came`);
      const parts = (rest + String(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) take(part);
    }
    take(rest);
  } catch (broken) {
    if (!gaveUp) throw broken;
  } finally {
    clearTimeout(timer);
  }
  return { lines, error };
}

function messageIn(json: string): Message | null {
  try {
    const message: unknown = JSON.parse(json);
    return typeof message === 'object' ? (message as Message | null) : null;
  } catch {
    return null;
  }
}
