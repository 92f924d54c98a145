import type { Scenario } from '../lab/model/scenario.ts';
import { allow, external, ftp, internal, route, ruleSet } from '../lab/policy/dsl.ts';
import { byClientPrograms, toExternal, uploads } from './shared.ts';

/** The fix with the least exposure: the filter opens the negotiated port and no other. */
export const ftpFilter: Scenario = {
  name: 'ftp-filter',
  question: 'With the FTP access filter bound to FTP and Read Only off, do all transfer modes upload?',
  ruleSet: ruleSet({
    name: 'ftp-filter',
    description: 'FTP outbound with the FTP access filter, uploads allowed.',
    both: {
      networkRule: route(),
      accessRules: [allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false })],
    },
  }),
  cells: [...toExternal(uploads), ...byClientPrograms(uploads, uploads)],
};
