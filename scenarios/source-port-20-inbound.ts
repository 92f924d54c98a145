import {
  allow,
  external,
  ftpControl,
  internal,
  outbound,
  protocol,
  route,
  tcp,
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

const activeData = protocol('FTP data (active)', { primary: [outbound(tcpRange(1024, 65535))] });

/** Active mode as packet filters allowed it: servers connect from port 20 (RFC 959 section 3.2). */
export const sourcePort20Inbound = scenario('source-port-20-inbound', {
  question: 'With inbound connections from source port 20 allowed, which transfer modes upload?',
  ruleSet: {
    description: 'TCP port 21 outbound, and from source port 20 of any server to all high ports inbound.',
    both: {
      networkRule: route(),
      accessRules: [
        allow('FTP port 21', { protocols: [ftpControl], from: [internal], to: [external] }),
        allow('FTP data from port 20', {
          protocols: [activeData],
          from: [external],
          to: [internal],
          sourcePorts: tcp(20),
        }),
      ],
    },
  },
  cells: [
    ...toExternal(uploads, activeModes),
    ...toExternal(dataDropped, passiveModes),
    // Only tnftp switches to active mode if a passive connection fails.
    ...byClientPrograms((driver) => (driver === 'tnftp' ? uploads : dataDropped('isa-y')), uploads),
  ],
});
