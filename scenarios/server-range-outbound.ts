import { passiveRanges } from '../lab/network/topology.ts';
import {
  allow,
  computer,
  external,
  ftpControl,
  internal,
  outbound,
  protocol,
  route,
} from '../lab/policy/dsl.ts';
import {
  activeModes,
  dataDropped,
  externalServers,
  passiveModes,
  scenario,
  toExternal,
  uploads,
} from './shared.ts';

/** Each server's own passive range, and only to that server. */
export const serverRangeOutbound = scenario('server-range-outbound', {
  question: "Is it enough to allow each server's own passive range, to that server only?",
  ruleSet: {
    description:
      "TCP port 21 outbound, and each server's passive range to that server, without the FTP access filter.",
    both: {
      networkRule: route(),
      accessRules: [
        allow('FTP port 21', { protocols: [ftpControl], from: [internal], to: [external] }),
        ...externalServers.map((server) =>
          allow(`FTP data to ${server}`, {
            protocols: [
              protocol(`Passive range of ${server}`, { primary: [outbound(passiveRanges[server])] }),
            ],
            from: [internal],
            to: [computer(server)],
          }),
        ),
      ],
    },
  },
  cells: [...toExternal(uploads, passiveModes), ...toExternal(dataDropped, activeModes)],
});
