import type { ServerName } from '../lab/network/topology.ts';
import { allow, external, ftpControl, internal, nat } from '../lab/policy/dsl.ts';
import { activeModes, dataDropped, portRefused, scenario, toExternal } from './shared.ts';

const refusingServers: readonly ServerName[] = ['vsftpd', 'pure-ftpd'];

/**
 * Without the filter, nothing rewrites the private address in PORT and EPRT. Two servers refuse the command, because
 * the address differs from the one that they see. ProFTPD ignores a private address and connects to the address that it
 * sees, which is the firewall's.
 */
export const natAsReported = scenario('nat-as-reported', {
  question: 'With only port 21 allowed outbound under NAT, how does each transfer mode fail?',
  ruleSet: {
    description: 'TCP port 21 outbound under NAT, without the FTP access filter.',
    both: {
      networkRule: nat(),
      accessRules: [allow('FTP port 21', { protocols: [ftpControl], from: [internal], to: [external] })],
    },
  },
  cells: [
    ...toExternal(dataDropped),
    ...toExternal(portRefused, activeModes).map((cells) => ({ ...cells, servers: refusingServers })),
  ],
});
