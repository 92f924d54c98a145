/**
 * The program that runs in the lab's hosts. As the agent it takes one JSON request a line on standard input
 * ({@link AgentRequest}), answers on standard output ({@link AgentReply}) and ends when its input ends. With the argument
 * `exclusive` it is the only such agent of its host; with `trace` it is a firewall's main process, and with `trace-host` the same beside a
 * host's own processes: {@link traceToOutput}.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { lineSplitter } from '../line-splitter.ts';
import { abandon } from './abandon.ts';
import { digestAndRemove } from './digest.ts';
import { closeUp } from './firewall/close-up.ts';
import { loadRules, readCounters } from './firewall/load-rules.ts';
import { putBookmark } from './firewall/put-bookmark.ts';
import { startCapture, stopCapture } from './firewall/tcpdump.ts';
import { forgetNeighbours } from './forget-neighbours.ts';
import type { RunningAttempt } from './make-attempt.ts';
import type { AgentReply, AgentRequest } from './protocol.ts';
import { loadedBookmark } from './tracer/trace-log.ts';

const running = new Map<number, RunningAttempt>();

function reply(message: AgentReply): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function handle(request: AgentRequest): Promise<unknown> {
  switch (request.do) {
    case 'hello':
      return null;
    case 'attempt': {
      const { makeAttempt } = await import('./make-attempt.ts');
      const attempt = makeAttempt(request.order, (connection) =>
        reply({ id: request.id, event: 'connecting', connection }),
      );
      running.set(request.id, attempt);
      return attempt.report.finally(() => running.delete(request.id));
    }
    case 'stop-waiting':
      running.get(request.request)?.stopWaiting(request.connection, request.stands);
      return null;
    case 'ask-ports': {
      const { askPorts } = await import('./ftp/ask-ports.ts');
      return askPorts(request.order);
    }
    case 'digest':
      return digestAndRemove(request.folder, request.files);
    case 'abandon':
      return abandon(request.endpoints) ?? null;
    case 'close-up':
      return closeUp(request.hosts, request.on) ?? null;
    case 'start-capture':
      return startCapture(request.key, request.addresses, request.snapLength).then(() => null);
    case 'stop-capture':
      return stopCapture(request.key);
    case 'forget-neighbours':
      return forgetNeighbours() ?? null;
    case 'bookmark':
      return putBookmark(request.number).then(() => null);
    case 'load': {
      const result = loadRules(request.rules, request.listed);
      // The tracer must not explain packets of the next attempts by the former rules.
      return putBookmark(loadedBookmark).then(() => result);
    }
    case 'counters':
      return readCounters();
  }
}

/** Status of an agent that found another one in charge of its host. */
const inUse = 75;

function refuse(error: NodeJS.ErrnoException): void {
  process.stderr.write(error.code === 'EADDRINUSE' ? 'another process is using this lab' : String(error));
  process.exit(inUse);
}

/**
 * Makes this the only exclusive agent of its host while it runs: by a socket name in the network namespace
 * (unix(7), "abstract").
 */
async function holdHost(): Promise<void> {
  const server = createServer().unref();
  server.listen('\0ftplab-agent');
  await once(server, 'listening');
}

/** Requests without an answer yet. */
const unanswered = new Set<number>();

function answer(message: Extract<AgentReply, { readonly ok: unknown } | { readonly error: string }>): void {
  if (unanswered.delete(message.id)) reply(message);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function serveRequests(): void {
  // It is not known which request failed; if the agent died, all other cells would fail too.
  process.on('uncaughtException', (error) => {
    for (const id of unanswered) answer({ id, error: messageOf(error) });
  });
  const lines = lineSplitter((line) => {
    const request = JSON.parse(line) as AgentRequest;
    unanswered.add(request.id);
    handle(request).then(
      (ok) => answer({ id: request.id, ok }),
      (error: unknown) => answer({ id: request.id, error: messageOf(error) }),
    );
  });
  process.stdin.on('data', (chunk) => lines.feed(chunk)).on('close', () => process.exit(0));
}

// Nobody sees a stack, and each socket that is closed would note one.
Error.stackTraceLimit = 0;

// It lives for a run, in which most of what V8 would optimize costs more than it saves. Bytes of bytecode; 132 KiB by default.
setFlagsFromString('--interrupt-budget=1000000');

const [role] = process.argv.slice(2);
// Each role loads its own part, since a lab has eleven such processes and waits for some.
if (role === 'trace' || role === 'trace-host')
  void import('./tracer/tracer.ts').then(({ traceToOutput }) => traceToOutput(role === 'trace-host'));
else if (role === 'exclusive') holdHost().then(serveRequests, refuse);
else serveRequests();
