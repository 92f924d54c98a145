import { allow, external, ftp, internal, route } from '../lab/policy/dsl.ts';
import { byClientPrograms, scenario, toExternal, uploads } from './shared.ts';

/** The fix with the least exposure: the filter opens the negotiated port and no other. */
export const ftpFilter = scenario('ftp-filter', {
  question: 'With the FTP access filter bound to FTP and Read Only off, do all transfer modes upload?',
  ruleSet: {
    description: 'FTP outbound with the FTP access filter, uploads allowed.',
    both: {
      networkRule: route(),
      accessRules: [allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false })],
    },
  },
  cells: [...toExternal(uploads), ...byClientPrograms(uploads, uploads)],
});
