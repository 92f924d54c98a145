import pLimit from 'p-limit';
import { expect, it, vi } from 'vitest';
import { diagnoseServer } from '../../lab/attempt/diagnose-server.ts';
import type { DiagnosedServer } from '../../lab/model/result/diagnosis.ts';
import { diagnosisText } from '../../lab/report/text/diagnosis.ts';
import { diagnosisOf } from '../../lab/verdict/diagnosis/diagnosis.ts';
import { scenarios } from '../../scenarios/index.ts';
import type { Behaviour } from './behaviour.ts';
import { behaviours } from './behaviours.ts';
import { HostileServer } from './server.ts';

// They wait for the network, many at a time. A machine that stands still for longer than the patience is no server's doing.
vi.setConfig({ testTimeout: 300_000, maxConcurrency: 1000 });

const patienceMs = 4000;
const password = 'hunter2secret';
const atOnce = pLimit(24);

/** A diagnosis of a hostile server in one mode, and how long it took. */
async function diagnosed(behaviour: Behaviour) {
  await using server = await HostileServer.start(behaviour, patienceMs / 5);
  const { port } = server;
  const host = 'files.example';
  const target: DiagnosedServer = { host, address: '127.0.0.1', port, user: 'bob', folder: '', patienceMs };
  const started = performance.now();
  const { tried, ...rest } = await diagnoseServer(target, {
    modes: [behaviour.mode ?? 'pasv'],
    password,
    signal: new AbortController().signal,
    onMode: () => undefined,
    onConnection: () => undefined,
    onProbes: () => undefined,
  });
  const ms = performance.now() - started;
  const diagnosis = diagnosisOf(target, tried, rest, scenarios);
  return { diagnosis, ms, passwords: server.heard.filter((verb) => verb === 'PASS').length };
}

it.concurrent.each(behaviours)('diagnose and a server that $name', { retry: 2 }, (behaviour) =>
  atOnce(async () => {
    const { diagnosis, ms } = await diagnosed(behaviour);
    const [mode] = diagnosis.modes;
    const { uploaded, failedAt } = mode?.verdict ?? {};
    const failure = mode?.steps.find(({ name }) => name === failedAt)?.failure;
    if (behaviour.finds !== 'any') expect(uploaded ? 'uploaded' : failure).toBe(behaviour.finds);
    if (behaviour.says) expect(`${mode?.known} ${mode?.open}`).toMatch(behaviour.says);
    const text = diagnosisText(diagnosis, { width: 100, color: false });
    // What a terminal takes for an order: control characters, and marks that turn, hide or break text.
    expect(`${text} ${JSON.stringify(diagnosis)}`).not.toMatch(
      /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b\u2060\ufeff]/u,
    );
    expect(`${text} ${JSON.stringify(diagnosis)}`.toLowerCase()).not.toContain(password);
    expect(ms).toBeLessThan(3 * patienceMs + 5000);
  }),
);
