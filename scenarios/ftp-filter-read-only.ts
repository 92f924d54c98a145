import { allow, external, ftp, internal, route } from '../lab/policy/dsl.ts';
import { byClientPrograms, readOnly, scenario, toExternal } from './shared.ts';

const rule = 'FTP (read only)';

/** The rival explanation of the original report: ISA 2004 makes every new FTP rule Read Only. */
export const ftpFilterReadOnly = scenario('ftp-filter-read-only', {
  question: 'With an FTP rule as ISA 2004 makes it, Read Only on, what works and what does not?',
  ruleSet: {
    description: 'FTP outbound with the FTP access filter, Read Only as for every new rule.',
    both: {
      networkRule: route(),
      accessRules: [allow(rule, { protocols: [ftp], from: [internal], to: [external] })],
    },
  },
  cells: [
    ...toExternal((firewall) => readOnly(firewall, rule)),
    ...byClientPrograms(readOnly('isa-y', rule), readOnly('isa-y', rule)),
  ],
});
