import { expect, it } from 'vitest';
import { planReport } from '../../lab/report/text/plan.ts';

it('shows what is created, replaced and removed, and the totals', () => {
  expect(
    planReport('ftplab', [
      { action: 'create', kind: 'image', name: 'isa-ftp-lab/client:1', because: [] },
      { action: 'change', kind: 'network', name: 'ftplab-y', because: ['options', 'labels'] },
      { action: 'create', kind: 'host', name: 'ftplab-vsftpd', because: [] },
      { action: 'remove', kind: 'host', name: 'ftplab-old', because: [] },
    ]),
  ).toBe(`+ image    isa-ftp-lab/client:1
~ network  ftplab-y  (options, labels)
+ host     ftplab-vsftpd
- host     ftplab-old

ftplab: 2 to create, 1 to replace, 1 to remove.`);
});

it('says if there is nothing to do', () => {
  expect(planReport('ftplab', [])).toBe('ftplab is up to date: nothing to do.');
});
