import { describe, expect, it } from 'vitest';
import { isLegitimate } from '../../lab/model/pinhole.ts';
import type { TriedRules } from '../../lab/model/result/comparison.ts';
import type { RuleSet } from '../../lab/model/rule-set.ts';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { compileRules } from '../../lab/policy/compile.ts';
import { changeRequest } from '../../lab/report/markdown/change-request/change-request.ts';
import { markdownPage } from '../../lab/report/markdown/markdown-page.ts';
import { exposureText } from '../../lab/report/text/exposure.ts';
import { scenarios } from '../../scenarios/index.ts';
import { exposureOf, measured, pinholesOf } from '../exposure/fixtures.ts';
import { cell } from './fixtures.ts';

function side(
  name: string,
  kind: 'dropped' | 'up',
  open: [number, number][],
  inbound: [number, number][] = [],
): TriedRules & { readonly rules: NonNullable<TriedRules['rules']> } {
  const ruleSet = scenarios.find((scenario) => scenario.name === name)?.ruleSet as RuleSet;
  const lines = [measured('y-server', 'vsftpd', 40000, open), measured('vsftpd', 'y-server', 20, inbound)];
  return {
    name,
    ruleSet,
    rules: compileRules(ruleSet, addressPlan(0)),
    cells: [cell(name, 'y-server', 'vsftpd', 'pasv', kind)],
    exposure: exposureOf(
      name,
      lines,
      pinholesOf((request) => kind === 'up' && isLegitimate(request)),
    ),
  };
}

const command = ['compare', 'as-reported', 'my rules.ts', '--write', 'change'];
const origin = { version: '1.2.3', date: '2026-01-02', command };
const unmet = { table: 'filter', chain: 'FORWARD', line: 9, rule: '-A FORWARD -j own', packets: 0 };
const reported: ReturnType<typeof side> = {
  ...side('as-reported', 'dropped', [[21, 21]]),
  notes: [{ kind: 'fact', text: 'One note*' }],
  used: { 'isa-y': [{ ...unmet, use: 'never', shadowedBy: 8 }] },
};
const filter = side('ftp-filter', 'up', [[21, 21]]);
const inward = side('source-port-20-inbound', 'up', [[21, 21]], [[1024, 65535]]);

/** The text of one section. */
function section(text: string, number: number): string {
  return text.split(/^## /m).find((part) => part.startsWith(`${number}. `)) ?? '';
}

describe('a change request', () => {
  const text = changeRequest({ before: reported, after: filter }, origin);

  it.each<[number, RegExp[]]>([
    [1, [/1 of the 1 tried uploads fail/, /data-dropped/, /Default rule/]],
    [
      2,
      [
        /On isa-x and isa-y, in the console/,
        /select the application filter "FTP Access Filter"/,
        /^\+-A PREROUTING .*CT --helper ftp$/m,
      ],
    ],
    [3, [/`\+` LIST, STOR and RETR: works now/, /\| ftp-filter \| up/]],
    [
      4,
      [
        /\| y-server to vsftpd \| 1 port: 21 \| 1 port: 21 \|/,
        /No port opens or closes/,
        /opens the port that PORT, EPRT, 227 and 229 name/,
      ],
    ],
    [5, [/of the 7 iptables rules stay/]],
    [6, [/Under as-reported/, /line 9: -A FORWARD -j own \(line 8 takes/, /- One note\\\*/]],
    [7, [/so FTP over TLS cannot upload through it/]],
    [
      8,
      [
        /clear the application filter/,
        /iptables-restore/,
        /-A FORWARD .*"FTP port 21" -j ACCEPT/,
        /table inet ftp-filter\ndelete table inet ftp-filter\n```/,
      ],
    ],
    [9, [/ftplab diagnose ftp:\/\/user@host/, /uploads in pasv/]],
    [
      10,
      [
        /isa-ftp-lab 1\.2\.3, 2026-01-02/,
        /no ISA Server took part/,
        /`ftplab compare as-reported 'my rules\.ts' --write change`/,
      ],
    ],
  ])('says in section %i what belongs there', (number, patterns) => {
    for (const pattern of patterns) expect(section(text, number)).toMatch(pattern);
  });

  it('leaves only names and the ticket open', () => {
    expect(text.match(/________/g)).toHaveLength(3);
    expect(text).not.toMatch(/undefined|null|NaN/);
  });

  it('calls ports that open inbound a risk', () => {
    const risky = changeRequest({ before: reported, after: inward }, origin);
    expect(section(risky, 4)).toMatch(/opens 1024-65535; closes none \(\*\*inbound\*\*\)/);
    expect(section(risky, 7)).toMatch(/\*\*Inbound\*\*.*64,512 ports: 1024-65535/);
  });

  it('says first if something breaks', () => {
    expect(section(changeRequest({ before: filter, after: reported }, origin), 3)).toMatch(
      /^\*\*Something that worked before no longer works/m,
    );
  });

  it('rolls back to the filter by adding its table again', () => {
    expect(section(changeRequest({ before: filter, after: reported }, origin), 8)).toMatch(
      /```\ntable inet ftp-filter \{[^`]*comment "FTP"[^`]*```/,
    );
  });

  it('leaves out tables that the change does not touch, since a file may hold a part of what is in force', () => {
    const rollback = section(text, 8);
    expect(rollback.match(/^\*\w+$/gm)).toEqual(['*raw', '*filter', '*raw', '*filter']);
    const added = {
      ...filter.rules['isa-y'],
      iptables: `${reported.rules['isa-y']?.iptables}*security\nCOMMIT\n`,
    };
    const withTable = { ...filter, rules: { ...reported.rules, 'isa-y': { ...added, nft: null } } };
    expect(
      section(changeRequest({ before: reported, after: withTable }, origin), 8).match(/^\*\w+$/gm),
    ).toEqual(['*security']);
  });

  it('has no ISA steps for iptables rules', () => {
    expect(
      section(changeRequest({ before: { ...reported, ruleSet: null }, after: filter }, origin), 2),
    ).toMatch(/one side is written in iptables and the other in ISA/);
  });

  it('is a self-contained HTML page', () => {
    const page = markdownPage('Change & request', text);
    expect(page).toMatch(/<title>Change &#38; request<\/title>/);
    expect(page).toMatch(/<h2>2\. The change<\/h2>[\s\S]*<code class="language-diff">/);
    expect(page).not.toMatch(/<script|src=|href=|url\(/);
  });
});

describe('an exposure on the terminal', () => {
  it.each([60, 80, 160])('keeps within %i columns', (width) => {
    for (const { exposure } of [reported, filter, inward])
      for (const line of exposureText(exposure, { width, color: false }).split('\n'))
        expect(line.length).toBeLessThanOrEqual(width);
  });

  it('says that nothing is known of IPv6 unless it was measured', () => {
    const of = (exposure: Parameters<typeof exposureText>[0]) =>
      exposureText(exposure, { width: 160, color: false });
    expect(of(reported.exposure)).toContain('IPv6 was not measured, so nothing is known of it; with --ipv6');
    const { lines, summary } = reported.exposure;
    const over6 = lines.map((line) => ({ ...line, ipv6: true as const }));
    const test = { client: 'y-server', server: 'vsftpd', port: 21, reachesServer: true };
    const both = {
      ...reported.exposure,
      lines: [...lines, ...over6],
      summary: { ...summary, ipv6: { ports: 7, inbound: 0 } },
    };
    const stopped = of({ ...both, packetTooBig: [{ ...test, reachesClient: false }] });
    expect(stopped).not.toContain('not measured');
    expect(stopped).toMatch(/^y-server to vsftpd over IPv6 /m);
    expect(stopped).toContain('over IPv6 7 ports in all');
    expect(stopped).toContain('STOPPED from vsftpd to y-server.');
    expect(of({ ...both, packetTooBig: [{ ...test, reachesClient: true }] })).toContain(
      'gets through both ways',
    );
    expect(of({ ...both, packetTooBig: [] })).toContain('no connection passes over IPv6');
  });

  it('tells which source port lets more through', () => {
    expect(exposureText(inward.exposure, { width: 160, color: false })).toMatch(
      /^vsftpd to y-server +none; from source port 20: 64,512 ports: 1024-65535$/m,
    );
  });
});
