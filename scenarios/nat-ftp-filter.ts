import { allow, external, ftp, internal, nat } from '../lab/policy/dsl.ts';
import { scenario, toExternal, uploads } from './shared.ts';

/** The filter also rewrites the address in PORT and EPRT, and maps the port. */
export const natFtpFilter = scenario('nat-ftp-filter', {
  question: 'With the FTP access filter under NAT, do all transfer modes upload?',
  ruleSet: {
    description: 'FTP outbound under NAT with the FTP access filter, uploads allowed.',
    both: {
      networkRule: nat(),
      accessRules: [allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false })],
    },
  },
  cells: toExternal(uploads),
});
