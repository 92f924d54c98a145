import { describe, expect, it, vi } from 'vitest';
import { type DiagnoseOptions, diagnoseServer } from '../../lab/attempt/diagnose-server.ts';
import { type TransferMode, transferModes } from '../../lab/model/attempt.ts';
import type { DiagnosedServer } from '../../lab/model/result/diagnosis.ts';
import { diagnosisText } from '../../lab/report/text/diagnosis.ts';
import { diagnosisOf } from '../../lab/verdict/diagnosis/diagnosis.ts';
import { scenarios } from '../../scenarios/index.ts';
import { type Script, ScriptedServer } from '../agent/scripted-server.ts';

vi.setConfig({ testTimeout: 60_000, maxConcurrency: 30 }); // they wait for the network, all at a time

const address = '127.0.0.1';

function target({ port }: ScriptedServer, rest: Partial<DiagnosedServer> = {}): DiagnosedServer {
  return { host: 'files.example', address, port, user: 'bob', folder: '', patienceMs: 20_000, ...rest };
}

function options(rest: Partial<DiagnoseOptions> = {}): DiagnoseOptions {
  return {
    ways: ['pasv'],
    password: 'secret',
    signal: new AbortController().signal,
    onMode: () => undefined,
    onConnection: () => undefined,
    onProbes: () => undefined,
    ...rest,
  };
}

async function diagnosed(server: ScriptedServer, rest: Partial<DiagnoseOptions> = {}, patienceMs = 20_000) {
  const to = target(server, { patienceMs });
  const { tried, ...leftOver } = await diagnoseServer(to, options(rest));
  return diagnosisOf(to, tried, leftOver, scenarios);
}

describe.concurrent('a diagnosis', () => {
  it.each(['pasv', 'epsv', 'port'] as const)(
    'over %s uploads probe files of an unmistakable name, reads one back, and leaves none',
    async (mode) => {
      await using server = await ScriptedServer.start({});
      const names: string[] = [];
      server.damage = (content) => {
        names.push(...server.files.keys());
        return content;
      };
      const { modes, left } = await diagnosed(server, { ways: [mode] });
      expect(modes[0]).toMatchObject({ verdict: { uploaded: true, cause: 'none' }, open: '' });
      expect(modes[0]?.steps.map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'));
      expect(names).toEqual([
        expect.stringMatching(new RegExp(`^isa-ftp-lab-probe-[0-9a-f]{16}-${mode}-store-small.bin$`)),
      ]);
      expect({ left, files: server.files.size }).toEqual({ left: [], files: 0 });
      expect(server.heard.filter((verb) => verb === 'DELE')).toHaveLength(2);
    },
  );

  it('uploads into the folder that the URL names', async () => {
    await using server = await ScriptedServer.start({});
    const stored: string[] = [];
    await diagnoseServer(
      target(server, { folder: 'in/today' }),
      options({ onProbes: (files) => stored.push(...files) }),
    );
    expect(stored.length).toBeGreaterThan(0);
    for (const file of stored) expect(file).toMatch(/^in\/today\/isa-ftp-lab-probe-/);
  });

  it('does not count an upload whose bytes come back changed', async () => {
    await using server = await ScriptedServer.start({});
    server.damage = (content) => Buffer.alloc(content.length);
    const { modes } = await diagnosed(server);
    expect(modes[0]?.verdict).toMatchObject({
      uploaded: false,
      failedAt: 'store-large',
      cause: 'content-mismatch',
    });
  });

  const failures: [what: string, Script, TransferMode, found: object, known: RegExp, open: RegExp][] = [
    [
      'no permission, or Read Only',
      { STOR: '550 Permission denied.' },
      'pasv',
      { failedAt: 'store-small', cause: 'inconclusive' },
      /"550 Permission denied\."/,
      /Read Only/,
    ],
    [
      'a full disk',
      { STOR: '552 Quota exceeded.' },
      'pasv',
      { failedAt: 'store-small', cause: 'quota-exceeded' },
      /552/,
      /^$/,
    ],
    [
      'PORT refused',
      { PORT: '500 Illegal PORT command.' },
      'port',
      { failedAt: 'store-small', cause: 'port-command-refused' },
      /PORT was refused: "500 Illegal PORT command\."/,
      /firewall/,
    ],
    [
      "another host's address, which is not called",
      { PASV: '227 ok (10,0,0,1,4,1)' },
      'pasv',
      { failedAt: 'store-small', cause: 'pasv-address-rejected-by-client' },
      /names another host than 127\.0\.0\.1: "227 ok \(10,0,0,1,4,1\)"\. The lab did not connect/,
      /NAT/,
    ],
    [
      'a data port that nobody listens on',
      { PASV: '227 ok (127,0,0,1,0,1)' },
      'pasv',
      { failedAt: 'store-small', cause: 'data-refused' },
      /127\.0\.0\.1:1 was refused/,
      /firewall/,
    ],
    [
      'a server that does not call back',
      { LIST: '', STOR: '' },
      'port',
      { failedAt: 'store-small', cause: 'inconclusive' },
      /accepted PORT with 127\.0\.0\.1:\d+, and no data connection from it arrived within 1 s/,
      /firewall/,
    ],
  ];
  it.each(failures)('names %s', async (_what, script, mode, found, known, open) => {
    await using server = await ScriptedServer.start(script);
    const { modes, left } = await diagnosed(server, { ways: [mode] }, 'LIST' in script ? 1000 : 20_000);
    expect(modes[0]?.verdict).toMatchObject({ uploaded: false, firewall: null, rule: null, ...found });
    expect(modes[0]?.known).toMatch(known);
    expect(modes[0]?.open).toMatch(open);
    expect(left).toEqual([]);
  });

  it.each([
    [0, 'an empty file'],
    [300, '300 of 1,024 bytes'],
    [1024, 'all 1,024 bytes'],
  ])('tells that an upload that failed left %i bytes', async (bytes, words) => {
    await using server = await ScriptedServer.start({ complete: '426 Cut off.' });
    server.damage = () => Buffer.alloc(bytes);
    const diagnosis = await diagnosed(server);
    expect(diagnosis.modes[0]?.verdict.left).toEqual({ bytes, of: 1024 });
    expect(diagnosisText(diagnosis, { width: 100, color: false })).toContain(
      `The upload left on files.example: ${words}.`,
    );
    expect(diagnosis.left).toEqual([]);
  });

  it('tells that a refused upload left nothing', async () => {
    await using server = await ScriptedServer.start({ STOR: '550 Permission denied.' });
    const { modes } = await diagnosed(server);
    expect(modes[0]?.verdict.left).toEqual({ bytes: null, of: 1024 });
  });

  it('does not repeat a login that fails', async () => {
    await using server = await ScriptedServer.start({ PASS: '530 no' });
    const { modes, notTried } = await diagnosed(server, { ways: transferModes });
    expect(modes.map(({ mode, verdict }) => `${mode} ${verdict.cause}`)).toEqual(['pasv login-denied']);
    expect(notTried).toEqual(['epsv', 'port', 'eprt']);
    expect(server.heard.filter((verb) => verb === 'PASS')).toHaveLength(1);
  });

  it('tells of probe files that the server does not let it remove', async () => {
    await using server = await ScriptedServer.start({ DELE: '550 no' });
    const { left } = await diagnosed(server);
    expect(left).toEqual([...server.files.keys()]);
    expect(left).toHaveLength(2);
  });

  it('removes what it stored when it is interrupted, and goes no further', async () => {
    await using server = await ScriptedServer.start({});
    const abort = new AbortController();
    server.damage = (content) => {
      abort.abort(new Error('stopped'));
      return content;
    };
    const held: (readonly string[])[] = [];
    const running = diagnoseServer(
      target(server),
      options({ ways: ['pasv', 'port'], signal: abort.signal, onProbes: (files) => held.push(files) }),
    );
    await expect(running).rejects.toThrow('stopped');
    expect(held.at(0)).toHaveLength(2);
    expect(held.at(-1)).toEqual([]);
    expect(server.files.size).toBe(0);
    expect(server.heard.filter((verb) => verb === 'STOR')).toHaveLength(1);
    expect(server.heard).not.toContain('PORT');
  });

  it('has no password in what it tells', async () => {
    await using server = await ScriptedServer.start({});
    expect(JSON.stringify(await diagnosed(server))).not.toContain('secret');
  });
});
