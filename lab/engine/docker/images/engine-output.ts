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
  /** The engine's own words if it failed. */
  readonly error: string | null;
}

const linesKept = 200;

/**
 * Reads the output of a build, import or pull to its end. Its HTTP status is 200 even if it failed: the failure is in
 * the last message. `onLine` gets each line as it comes. Throws if the connection breaks or is aborted.
 */
export async function readEngineOutput(
  output: NodeJS.ReadableStream,
  onLine: (line: string) => void = () => {},
): Promise<EngineOutput> {
  const lines: string[] = [];
  let error: string | null = null;
  let rest = '';
  const take = (json: string) => {
    if (json.trim() === '') return;
    const message = JSON.parse(json) as Message;
    if (message.error !== undefined) error = message.error;
    for (const line of (message.stream ?? message.status ?? '').split('\n')) {
      if (line.trim() === '') continue;
      lines.push(line.trimEnd());
      if (lines.length > linesKept) lines.shift();
      onLine(line);
    }
  };
  for await (const chunk of output) {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) take(part);
  }
  take(rest);
  return { lines, error };
}
