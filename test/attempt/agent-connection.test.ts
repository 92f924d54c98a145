import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AgentConnection, isOfHost, type LineHandlers } from '../../lab/attempt/agent-connection.ts';

/** An agent that a test plays: it hears requests and says lines. */
class PlayedAgent {
  handlers: LineHandlers | undefined;
  readonly heard: { id: number; do: string }[] = [];
  closed = false;
  gone = 0;
  /** What it says to a request; nothing once it is paused. */
  answer = (request: { id: number }): string | undefined => JSON.stringify({ id: request.id, ok: null });

  connect(): Promise<AgentConnection> {
    return AgentConnection.open(
      'isa-y',
      async (handlers) => {
        this.handlers = handlers;
        return {
          write: (line) => {
            const request = JSON.parse(line);
            this.heard.push(request);
            const said = this.answer(request);
            if (said !== undefined) queueMicrotask(() => handlers.onLine(said));
          },
          close: () => {
            this.closed = true;
          },
        };
      },
      () => this.gone++,
    );
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('gives up a silent host, names it, and disconnects', async () => {
  const agent = new PlayedAgent();
  const connection = await agent.connect();
  agent.answer = () => undefined;
  const counters = connection.counters().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await counters).toMatchObject({ code: 'host-silent', message: 'isa-y has said nothing for 20 s' });
  expect(isOfHost(await counters)).toBe(true);
  expect([agent.closed, agent.gone]).toEqual([true, 1]);
  await expect(connection.bookmark(1)).rejects.toMatchObject({ code: 'host-silent' });
});

it('waits for a live host as long as it takes', async () => {
  const agent = new PlayedAgent();
  const connection = await agent.connect();
  agent.answer = ({ id }) => (id === 0 ? '{"id":0,"ok":null}' : undefined);
  const counters = connection.counters();
  await vi.advanceTimersByTimeAsync(600_000);
  agent.handlers?.onLine('{"id":2,"ok":{"iptables":"","nft":null}}');
  expect(await counters).toEqual({ iptables: '', nft: null });
  expect(agent.gone).toBe(0);
});

it.each(['', 'OCI runtime exec failed', '{', '[]', 'null', '"text"', '{"no":"id"}', '\u001b]0;x\u0007'])(
  'takes %j from an agent for its end',
  async (line) => {
    const agent = new PlayedAgent();
    const connection = await agent.connect();
    agent.answer = () => line;
    await expect(connection.counters()).rejects.toMatchObject({ code: 'agent-gone' });
    expect(agent.gone).toBe(1);
  },
);

it('ignores an answer to no question', async () => {
  const agent = new PlayedAgent();
  const connection = await agent.connect();
  for (const line of ['{"id":99,"ok":1}', '{"id":"x","error":"y"}', '{"id":{},"event":"connecting"}'])
    agent.handlers?.onLine(line);
  await expect(connection.bookmark(1)).resolves.toBeUndefined();
});
