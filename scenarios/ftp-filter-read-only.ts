import type { Scenario } from '../lab/model/scenario.ts';
import { allow, external, ftp, internal, route, ruleSet } from '../lab/policy/dsl.ts';
import { byClientPrograms, readOnly, toExternal } from './shared.ts';

const rule = 'FTP (read only)';

/** The rival explanation of the original report: ISA 2004 makes every new FTP rule Read Only. */
export const ftpFilterReadOnly: Scenario = {
  name: 'ftp-filter-read-only',
  question: 'With an FTP rule as ISA 2004 makes it, Read Only on, what works and what does not?',
  ruleSet: ruleSet({
    name: 'ftp-filter-read-only',
    description: 'FTP outbound with the FTP access filter, Read Only as for every new rule.',
    both: {
      networkRule: route(),
      accessRules: [allow(rule, { protocols: [ftp], from: [internal], to: [external] })],
    },
  }),
  cells: [
    ...toExternal((firewall) => readOnly(firewall, rule)),
    ...byClientPrograms(readOnly('isa-y', rule), readOnly('isa-y', rule)),
  ],
};
