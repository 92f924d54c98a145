import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AgentConnection } from '../../lab/attempt/agent-connection.ts';
import { lineSplitter } from '../../lab/line-splitter.ts';
import { ownProgram } from '../../lab/own-files.ts';
import { attemptOrder } from '../agent/attempt-order.ts';
import type { Behaviour } from './behaviour.ts';
import { behaviours } from './behaviours.ts';
import { HostileServer } from './server.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000, maxConcurrency: 1000 });

const patienceMs = 4000;
const atOnce = pLimit(24);
let agent: AgentConnection;

let folder: string;

beforeAll(async () => {
  // As hosts have it.
  folder = await mkdtemp(join(tmpdir(), 'ftplab-agent-'));
  const program = join(folder, 'agent.cjs');
  await writeFile(program, ownProgram('agent.cjs'));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  agent = await AgentConnection.open('the agent under test', async ({ onLine, onClosed }) => {
    const lines = lineSplitter(onLine);
    child.stdout.on('data', (chunk: Buffer) => lines.feed(chunk));
    child.on('exit', (status) => onClosed(`it ended with ${status}`));
    await once(child, 'spawn');
    return { write: (line) => child.stdin.write(`${line}\n`), close: () => child.stdin.end() };
  });
});

afterAll(async () => {
  agent.close();
  await rm(folder, { recursive: true });
});

const order = ({ mode = 'pasv' }: Behaviour, port: number) =>
  attemptOrder(port, {
    password: 'hunter2secret',
    mode,
    smallBytes: 1024,
    largeBytes: 1024 * 1024,
    retrieveFile: null,
    retrieveBytes: 0,
    patienceMs,
  });

it.concurrent.each(behaviours)('one agent, and a server that $name', (behaviour) =>
  atOnce(async () => {
    await using server = await HostileServer.start(behaviour, patienceMs / 5);
    const { steps, ms } = await agent.attempt(order(behaviour, server.port), () => undefined);
    expect(steps).toHaveLength(6);
    for (const { outcome, failure, reply } of steps)
      if (outcome === 'failed') expect(`${failure}: ${reply}`).not.toMatch(/^null|: $/);
    expect(ms).toBeLessThan(3 * patienceMs + 5000);
  }),
);
