import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { noOwnAddresses } from '../../lab/network/own-addresses.ts';
import { firewallOf, readRules } from '../../lab/trial/read-rules.ts';
import { allOpen } from '../../scenarios/all-open.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-rules-'));
  file = join(folder, 'gateway.rules');
  await writeFile(file, '*filter\n-A FORWARD -s 10.9.9.9/32 -p tcp --dport 21 -j DROP\nCOMMIT\n');
});
afterAll(() => rm(folder, { recursive: true }));

describe('rules', () => {
  it('are read by name, from a file, or taken as they are', async () => {
    const rules = await readRules(['ftp-filter', file, allOpen.ruleSet], { on: 'isa-x' });
    expect(rules.map(({ word, rules: { kind, name } }) => [word, kind, name])).toEqual([
      ['ftp-filter', 'isa', 'ftp-filter'],
      [file, 'saved', 'gateway'],
      ['all-open', 'isa', 'all-open'],
    ]);
    expect(firewallOf(rules)).toBe('isa-x');
  });

  it('do not go with options about a file if there is none', async () => {
    await expect(readRules(['ftp-filter'], { on: 'isa-x' })).rejects.toMatchObject({
      code: 'option-not-applicable',
    });
  });

  it('are for the version of IP that they speak of, and the other one passes', async () => {
    const path = join(folder, 'gateway6.rules');
    await writeFile(
      path,
      '*filter\n-A FORWARD -p ipv6-icmp -j DROP\n-A FORWARD -p tcp --dport 21 -j DROP\nCOMMIT\n',
    );
    const upload = { client: 'y-server', server: 'vsftpd' };
    const [of4, of6] = await readRules([file, path], { asIs: true });
    expect(of6?.rules).toMatchObject({
      saved: { tables: [] },
      saved6: { tables: [{ rules: [{ line: 2 }, { line: 3 }] }] },
    });
    const noteOn = (rules: typeof of4, ...attempts: (typeof upload & { ipv6?: true })[]) =>
      rules
        ?.notes({ plan: addressPlan(0) }, attempts)
        .flatMap(({ text }) => (/No rules for/.test(text) ? [text] : []));
    expect(noteOn(of4, upload)).toEqual([]);
    expect(noteOn(of4, upload, { ...upload, ipv6: true })).toEqual([
      'No rules for IPv6 were given, so all of it passes on isa-y, as on a machine where nobody loaded ip6tables.',
    ]);
    expect(noteOn(of6, { ...upload, ipv6: true })).toEqual([]);
    expect(noteOn(of6, upload)).toHaveLength(1);
    await writeFile(path, '*filter\n-A FORWARD -p icmpv6 -j DROP\n-A FORWARD -s 10.1.2.3 -j DROP\nCOMMIT\n');
    await expect(readRules([path])).rejects.toMatchObject({ code: 'families-mixed' });
  });

  it('have notes on attempts: an address that nobody has cannot matter if both ends are given theirs', async () => {
    const attempts = [{ client: 'y-server', server: 'vsftpd' }] as const;
    const notesWith = async (addresses: Record<string, string>) => {
      const [rules] = await readRules([file], { own: { ...noOwnAddresses, addresses } });
      return rules?.notes({ plan: addressPlan(0) }, attempts).map(({ kind }) => kind);
    };
    expect(await notesWith({})).toEqual(['can-matter']);
    expect(await notesWith({ 'y-server': '10.9.9.8', vsftpd: '203.0.113.7' })).toEqual(['cannot-matter']);
  });
});
