import { describe, expect, it } from 'vitest';
import { statusOfChecks } from '../../lab/cli/exit-status.ts';
import type { Check } from '../../lab/model/check.ts';
import { checkList } from '../../lab/report/text/checks.ts';

const engine: Check = {
  name: 'engine',
  ok: true,
  detail: 'Docker 20.10',
  purpose: 'runs the lab',
  neededBy: 'all',
};
const helper: Check = {
  name: 'conntrack FTP helper',
  ok: false,
  detail: 'iptables: No chain/target/match by that name.',
  purpose: 'opens the negotiated port',
  neededBy: ['ftp-filter', 'nat-ftp-filter'],
  fix: 'Load nf_conntrack_ftp.',
};
const egress: Check = {
  ...helper,
  name: 'egress hook',
  ok: true,
  neededBy: [],
  commands: ['exposure', 'compare'],
};
const space: Check = { ...engine, name: 'disk space', ok: 'unknown', detail: 'the engine is remote' };

describe('checkList', () => {
  it('says for each check what was found, its purpose, what needs it, and what to do', () => {
    expect(checkList([engine, helper, egress, space], { width: 100, color: false }).split('\n')).toEqual([
      'ok       engine: Docker 20.10',
      '         for: runs the lab; needed by: every scenario',
      'MISSING  conntrack FTP helper: iptables: No chain/target/match by that name.',
      '         for: opens the negotiated port; needed by: ftp-filter, nat-ftp-filter',
      '         to do: Load nf_conntrack_ftp.',
      'ok       egress hook: iptables: No chain/target/match by that name.',
      '         for: opens the negotiated port; needed by: "ftplab exposure", "ftplab compare"',
      'unknown  disk space: the engine is remote',
      '         for: runs the lab; needed by: every scenario',
    ]);
  });

  it('keeps within 60 columns', () => {
    for (const line of checkList([engine, helper], { width: 60, color: false }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe('statusOfChecks', () => {
  it.each([
    [0, [engine]],
    [1, [engine, space]],
    [3, [engine, helper, space]],
  ])('is %i, case %#', (status, checks) => expect(statusOfChecks(checks)).toBe(status));
});
