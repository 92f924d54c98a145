import { describe, expect, it } from 'vitest';
import { askPorts } from '../../../lab/agent/ftp/ask-ports.ts';
import type { PortsOrder } from '../../../lab/model/passive-ports.ts';
import { ScriptedServer } from '../scripted-server.ts';

function order(port: number, rest: Partial<PortsOrder> = {}): PortsOrder {
  const account = { user: 'upload', password: 'secret' };
  return { host: '127.0.0.1', port, ...account, count: 4, pauseMs: 0, patienceMs: 2000, ...rest };
}

describe('asking for passive ports', () => {
  it('asks by PASV and EPSV in turn and transfers nothing', async () => {
    await using server = await ScriptedServer.start({});
    const { ports, refused, failure } = await askPorts(order(server.port));
    expect(ports).toEqual(
      ['PASV', 'EPSV', 'PASV', 'EPSV'].map((command) => ({
        command,
        port: server.dataPort,
        otherHost: null,
      })),
    );
    expect({ refused, failure }).toEqual({ refused: [], failure: null });
    expect(server.heard).toEqual(['USER', 'PASS', 'PASV', 'EPSV', 'PASV', 'EPSV', 'QUIT']);
  });

  it('goes on with one command if the server refuses the other', async () => {
    await using server = await ScriptedServer.start({ EPSV: '500 what?' });
    const { ports, refused } = await askPorts(order(server.port));
    expect(ports.map(({ command }) => command)).toEqual(Array(4).fill('PASV'));
    expect(refused).toEqual([{ command: 'EPSV', reply: '500 what?' }]);
    expect(server.heard.filter((verb) => verb === 'EPSV')).toHaveLength(1);
  });

  it('reports another host in the reply to PASV, and does not connect to it', async () => {
    await using server = await ScriptedServer.start({ PASV: '227 ok (10,0,0,1,4,1)' });
    const { ports } = await askPorts(order(server.port, { count: 2 }));
    expect(ports[0]).toEqual({ command: 'PASV', port: 1025, otherHost: '10.0.0.1' });
  });

  it.each([
    [{ PASS: '530 no' }, '530 no'],
    [{ PASV: '227 whatever' }, expect.stringContaining('227 whatever')],
  ])('ends where %j leaves nothing to ask', async (script, failure) => {
    await using server = await ScriptedServer.start(script);
    expect(await askPorts(order(server.port))).toMatchObject({ ports: [], failure });
  });

  it('ends at once when it is told to', async () => {
    await using server = await ScriptedServer.start({});
    const abort = new AbortController();
    const asking = askPorts(order(server.port, { pauseMs: 60_000 }), abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 100);
    await expect(asking).rejects.toThrow('enough');
  });
});
