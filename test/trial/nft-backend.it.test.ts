/** Rule sets compiled to nft: a share of the scenarios; `npm run parity` has all of them, by iptables and by nft. */
import { expect, it } from 'vitest';
import { run } from '../../lab/trial/run.ts';

it('come to what their scenarios expect, also under address translation, Read Only and publishing', async () => {
  const patterns = [
    'as-reported/y-server/vsftpd',
    'ftp-filter/x-workstation',
    'nat-ftp-filter/y-server/vsftpd',
    'ftp-filter-read-only/y-server/vsftpd',
    'published-on-2121/customer',
    'source-port-20-inbound/y-server/vsftpd',
  ];
  const { cells, summary, setting } = await run({ patterns, backend: 'nft', name: 'it-nft-backend' });
  expect(summary.void).toBeNull();
  expect(cells.filter(({ asExpected }) => !asExpected).map(({ id }) => id)).toEqual([]);
  expect(new Set(cells.map(({ ruleSet }) => ruleSet)).size).toBe(patterns.length);
  const [{ firewalls } = { firewalls: null }] = setting?.ruleSets ?? [];
  expect(firewalls?.['isa-y']).toMatchObject({
    iptables: '',
    ruleset: expect.stringContaining('table ip isa {'),
  });
}, 120_000);
