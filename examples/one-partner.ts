import { allow, computer, ftp, internal, route } from '../lab/policy/dsl.ts';
import { controlDropped, scenario, uploads } from '../scenarios/shared.ts';

const toPartner = { protocols: [ftp], from: [internal], to: [computer('vsftpd')], ftpReadOnly: false };

/** One partner's server, and no other. */
export const onePartner = scenario('one-partner', {
  question: 'With FTP allowed to one server only, do uploads reach that one and no other?',
  ruleSet: {
    description: 'The FTP access filter with Read Only off, to vsftpd alone.',
    both: { networkRule: route(), accessRules: [allow('FTP to partner', toPartner)] },
  },
  cells: [
    { clients: ['y-workstation'], servers: ['vsftpd'], expect: uploads },
    { clients: ['y-workstation'], servers: ['proftpd'], modes: ['pasv'], expect: controlDropped('isa-y') },
  ],
});
