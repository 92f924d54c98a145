/**
 * The program in the lab's containers. As the agent it takes one JSON request a line on standard input
 * ({@link AgentRequest}), answers on standard output ({@link AgentReply}) and ends when its input ends. With the argument
 * `trace` it is a firewall's main process: {@link traceToOutput}.
 */
import { createInterface } from 'node:readline';
import { putBookmark } from '../../firewall/bookmark.ts';
import { loadRules, readCounters } from '../../firewall/load.ts';
import { traceToOutput } from '../../firewall/tracer/tracer.ts';
import type { AgentReply, AgentRequest } from '../attempt.ts';
import { abandonConnecting } from './abandon.ts';
import { makeAttempt, type RunningAttempt } from './attempt.ts';
import { digestAndRemove } from './digest.ts';

const running = new Map<number, RunningAttempt>();

function reply(message: AgentReply): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function handle(request: AgentRequest): Promise<unknown> {
  switch (request.do) {
    case 'attempt': {
      const attempt = makeAttempt(request.order, (connection) =>
        reply({ id: request.id, event: 'connecting', connection }),
      );
      running.set(request.id, attempt);
      return attempt.report.finally(() => running.delete(request.id));
    }
    case 'stop-waiting':
      running.get(request.request)?.stopWaiting(request.destination);
      return null;
    case 'digest':
      return digestAndRemove(request.folder, request.files);
    case 'abandon':
      return abandonConnecting(request.ports) ?? null;
    case 'bookmark':
      return putBookmark(request.number).then(() => null);
    case 'load':
      return loadRules(request);
    case 'counters':
      return readCounters();
  }
}

function serveRequests(): void {
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const request = JSON.parse(line) as AgentRequest;
      handle(request).then(
        (ok) => reply({ id: request.id, ok }),
        (error: unknown) =>
          reply({ id: request.id, error: error instanceof Error ? error.message : String(error) }),
      );
    })
    .on('close', () => process.exit(0));
}

if (process.argv[2] === 'trace') traceToOutput();
else serveRequests();
