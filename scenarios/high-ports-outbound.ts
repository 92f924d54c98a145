import {
  allow,
  external,
  ftpControl,
  internal,
  outbound,
  protocol,
  route,
  tcpRange,
} from '../lab/policy/dsl.ts';
import {
  activeModes,
  byClientPrograms,
  dataDropped,
  passiveModes,
  scenario,
  toExternal,
  uploads,
} from './shared.ts';

const highPorts = protocol('FTP data (passive)', { primary: [outbound(tcpRange(1024, 65535))] });

/** The fix that the original report proposes. */
export const highPortsOutbound = scenario('high-ports-outbound', {
  question: 'With all high ports allowed outbound too, which transfer modes upload?',
  ruleSet: {
    description: 'TCP ports 21 and 1024-65535 outbound to anywhere, without the FTP access filter.',
    both: {
      networkRule: route(),
      accessRules: [
        allow('FTP port 21', { protocols: [ftpControl], from: [internal], to: [external] }),
        allow('High ports', { protocols: [highPorts], from: [internal], to: [external] }),
      ],
    },
  },
  cells: [
    ...toExternal(uploads, passiveModes),
    ...toExternal(dataDropped, activeModes),
    ...byClientPrograms(uploads, dataDropped('isa-y')),
  ],
});
