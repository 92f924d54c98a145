/** Whoever gets the better of a host of the lab, with all that the lab's own programs may do there, gets nowhere. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine, EngineKind } from '../../lab/engine/engine.ts';
import { findEngine } from '../../lab/engine/find-engine.ts';
import { type Lab, startLab } from '../../lab/index.ts';
import { addressIn } from '../../lab/network/address-plan.ts';
import { firewallNames, machineNames, subnetNames } from '../../lab/network/topology.ts';
import { limits } from '../../lab/stack/limits.ts';

const machines = machineNames();
const servers = ['vsftpd', 'proftpd', 'pure-ftpd', 'y-server'];

/** The same tests for every engine, in a lab of that name. `most`: how many processes a host can have by that engine. */
export function testEscapes(kind: EngineKind, name: string, most: number): void {
  /** Accepts whoever gets here. */
  const listener = createServer((socket) => socket.destroy());
  let lab: Lab;
  let engine: Engine;

  beforeAll(async () => {
    listener.listen(0, '0.0.0.0');
    await once(listener, 'listening');
    engine = await findEngine({ kind });
    lab = await startLab({ name, engine });
  });
  afterAll(async () => {
    listener.close();
    await lab?.[Symbol.asyncDispose]();
  });

  /** Addresses at which this machine, or a cloud's metadata service, would answer. */
  function addresses(): string[] {
    const own = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    const ends = subnetNames().map((subnet) => addressIn(lab.plan, subnet, 254));
    return [
      ...own.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
      ...ends,
      '169.254.169.254',
    ];
  }

  async function inHost(host: string, command: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await engine.run({ lab: name, host }, command);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }

  it.each([...firewallNames(), ...machines])(
    '%s reaches neither files nor devices nor addresses of this machine',
    async (host) => {
      const script = readFileSync(new URL('escape.py', import.meta.url), 'utf8');
      const { port } = listener.address() as { port: number };
      const { tried, succeeded } = JSON.parse(
        await inHost(host, ['python3', '-c', script, String(port), ...addresses()]),
      );
      expect(tried.length).toBeGreaterThan(30);
      expect(succeeded).toEqual([]);
    },
  );

  it('writes to some folders alone, and takes so much memory and so many processes', async () => {
    const script = readFileSync(new URL('exhaust.py', import.meta.url), 'utf8');
    const { written, mebibytes, processes } = JSON.parse(await inHost('vsftpd', ['python3', '-c', script]));
    expect(written).toEqual([]);
    expect(mebibytes).toBeLessThanOrEqual(limits.memory);
    expect(processes).toBeLessThanOrEqual(most);
  });

  it.each(servers)(
    'the daemons of %s may not configure the network, nor send packets of any kind, nor gain rights',
    async (host) => {
      const script =
        'for s in /proc/[0-9]*/status; do grep -qE "^Name:.(vsftpd|inetd|proftpd|pure-ftpd)" $s && grep -E "^(CapBnd|NoNewPrivs)" $s; done; true';
      const lines = (await inHost(host, ['sh', '-c', script])).trim().split('\n');
      const [netAdmin, netRaw, readSearch, sysAdmin] = [1n << 12n, 1n << 13n, 1n << 2n, 1n << 21n];
      const sets = lines.filter((line) => line.startsWith('CapBnd'));
      expect(sets.length).toBeGreaterThan(0);
      for (const line of sets)
        expect(BigInt(`0x${line.split(/\s+/)[1]}`) & (netAdmin | netRaw | readSearch | sysAdmin)).toBe(0n);
      const noNew = lines.filter((line) => line.startsWith('NoNewPrivs'));
      expect(noNew.map((line) => line.split(/\s+/)[1])).toEqual(sets.map(() => '1'));
    },
  );
}
