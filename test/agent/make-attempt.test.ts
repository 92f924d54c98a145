import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeAttempt } from '../../lab/agent/make-attempt.ts';
import type { AttemptOrder } from '../../lab/agent/protocol.ts';
import type { ConnectionAttempt, FailureKind, StepName, TransferMode } from '../../lab/model/attempt.ts';
import { attemptOrder } from './attempt-order.ts';
import { type Script, ScriptedServer } from './scripted-server.ts';

const order = (port: number, mode: TransferMode, rest: Partial<AttemptOrder> = {}) =>
  attemptOrder(port, { mode, ...rest });

const nothing = () => undefined;

/** The place of the control connection that was announced last. */
const lastControl = (seen: readonly ConnectionAttempt[]) =>
  seen.findLastIndex(({ purpose }) => purpose === 'control');

describe('an attempt', () => {
  it.each(['pasv', 'epsv', 'port'] as const)(
    'succeeds in all six steps over %s, and tells what it sent',
    async (mode) => {
      await using server = await ScriptedServer.start({});
      const { steps, transcript } = await makeAttempt(order(server.port, mode), nothing).report;
      expect(steps.map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'));
      for (const name of ['store-small', 'store-large']) {
        const stored = steps.find((step) => step.name === name)?.stored;
        const held = server.files.get(stored?.file ?? '');
        expect(
          createHash('sha256')
            .update(held ?? '')
            .digest('hex'),
        ).toBe(stored?.sha256);
      }
      expect(transcript.map(({ text }) => text).join('\n')).not.toContain('secret');
    },
  );

  const failures: [what: string, Script, TransferMode, StepName, FailureKind][] = [
    ['a wrong password', { PASS: '530 no' }, 'pasv', 'login', 'login-denied'],
    ['PORT refused', { PORT: '500 Illegal PORT command.' }, 'port', 'store-small', 'data-command-refused'],
    ['PASV refused', { PASV: '502 no' }, 'pasv', 'store-small', 'data-command-refused'],
    [
      "another host's address",
      { PASV: '227 ok (10,0,0,1,4,1)' },
      'pasv',
      'store-small',
      'address-refused-by-client',
    ],
    ['no permission', { STOR: '550 Permission denied.' }, 'pasv', 'store-small', 'command-refused'],
    [
      'no data connection',
      { STOR: '425 Failed to establish connection.' },
      'pasv',
      'store-small',
      'data-unanswered',
    ],
    ['a broken transfer', { STOR: '426 Failure reading.' }, 'pasv', 'store-small', 'transfer-stalled'],
  ];
  it.each(failures)('names %s', async (_what, script, mode, name, failure) => {
    await using server = await ScriptedServer.start(script);
    const { steps } = await makeAttempt(order(server.port, mode), nothing).report;
    expect(steps.find((step) => step.name === name)).toMatchObject({ outcome: 'failed', failure });
  });

  it('names AUTH TLS refused', async () => {
    await using server = await ScriptedServer.start({ AUTH: '502 not here' });
    const { steps } = await makeAttempt(order(server.port, 'pasv', { tls: true }), nothing).report;
    expect(steps[1]).toMatchObject({ name: 'login', failure: 'tls-refused', code: 502 });
  });

  it('stops waiting for a reply as soon as it is told to', async () => {
    await using server = await ScriptedServer.start({ PORT: '' });
    const seen: ConnectionAttempt[] = [];
    const attempt = makeAttempt(order(server.port, 'port', { patienceMs: 60_000 }), (connection) =>
      seen.push(connection),
    );
    const told = setInterval(() => {
      const waits = attempt.transcript.at(-1)?.text.startsWith('PORT');
      if (waits) attempt.stopWaiting(lastControl(seen), true);
    }, 20);
    const { steps } = await attempt.report.finally(() => clearInterval(told));
    expect(steps.find(({ name }) => name === 'store-small')?.failure).toBe('command-unanswered');
  });

  it('goes on if it is told to stop waiting on a control connection that has ended, for one opened since', async () => {
    await using server = await ScriptedServer.start({ STOR: '' });
    const seen: ConnectionAttempt[] = [];
    const attempt = makeAttempt(order(server.port, 'pasv', { patienceMs: 60_000 }), (connection) => {
      const { purpose, step } = connection;
      seen.push(connection);
      if (purpose === 'data' && step.startsWith('store'))
        setTimeout(() => attempt.stopWaiting(lastControl(seen), true), 50);
      if (purpose === 'data' && step === 'retrieve') attempt.stopWaiting(0, true);
    });
    const { steps } = await attempt.report;
    expect(steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'connect ok',
      'login ok',
      'list ok',
      'store-small failed',
      'store-large failed',
      'retrieve ok',
    ]);
  });

  it('sends PORT in two segments if it is told to split lines', async () => {
    await using server = await ScriptedServer.start({});
    const { steps } = await makeAttempt(order(server.port, 'port', { driver: 'split-lines' }), nothing)
      .report;
    // If this process, which is the server too, stood still meanwhile, both halves may arrive as one.
    expect(server.segments).toContainEqual(expect.stringMatching(/^PORT [\d,]+$/));
    expect(steps.map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'));
  });

  it('tries every step after one that failed', async () => {
    await using server = await ScriptedServer.start({ LIST: '550 no', STOR: '550 no' });
    const { steps } = await makeAttempt(order(server.port, 'epsv'), nothing).report;
    expect(steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'connect ok',
      'login ok',
      'list failed',
      'store-small failed',
      'store-large failed',
      'retrieve ok',
    ]);
  });

  it('skips steps that need a login if there is none', async () => {
    await using server = await ScriptedServer.start({ PASS: '530 no' });
    const { steps } = await makeAttempt(order(server.port, 'pasv'), nothing).report;
    expect(steps.slice(2).every(({ outcome, reply }) => outcome === 'skipped' && reply === '')).toBe(true);
  });

  it('tells a refused port from a silent one', async () => {
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { port: number };
    closed.close();
    const { steps } = await makeAttempt(order(port, 'pasv'), nothing).report;
    expect(steps[0]).toMatchObject({ name: 'connect', failure: 'control-refused' });
  });

  it('stops waiting for a server that does not call back as soon as it is told to, and goes on', async () => {
    // The server accepts PORT and STOR but never connects: what a firewall that drops its SYN looks like.
    await using server = await ScriptedServer.start({ LIST: '', STOR: '', RETR: '' });
    const seen: ConnectionAttempt[] = [];
    const start = performance.now();
    const attempt = makeAttempt(order(server.port, 'port', { patienceMs: 60_000 }), (connection) => {
      const place = seen.push(connection) - 1;
      if (connection.purpose === 'data') setTimeout(() => attempt.stopWaiting(place, false), 5);
    });
    const { steps } = await attempt.report;
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(steps.slice(2).map(({ failure }) => failure)).toEqual(Array(4).fill('data-unanswered'));
    const data = seen.filter(({ purpose }) => purpose === 'data');
    expect(data.map(({ openedBy, step }) => `${openedBy} ${step}`)).toEqual([
      'server list',
      'server store-small',
      'server store-large',
      'server retrieve',
    ]);
  });
});
