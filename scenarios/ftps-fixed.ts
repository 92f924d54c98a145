import { shipped } from '../lab/network/shipped.ts';
import { passiveRanges } from '../lab/network/topology.ts';
import {
  allow,
  computer,
  deny,
  external,
  ftp,
  internal,
  outbound,
  protocol,
  route,
  tcp,
} from '../lab/policy/dsl.ts';
import { activeModes, dataDropped, fromY, passiveModes, scenario, uploads } from './shared.ts';

const ftpsServers = ['vsftpd-tls', 'proftpd-tls'] as const;

/** The filter for plain FTP, and for the servers that speak FTPS their own passive ranges. */
export const ftpsFixed = scenario('ftps-fixed', {
  question: "With the filter for plain FTP and each FTPS server's own passive range open, does FTPS upload?",
  ruleSet: {
    description:
      'FTP with the FTP access filter; to the FTPS servers TCP port 21 and their passive ranges, without the filter.',
    both: {
      networkRule: route(),
      accessRules: [
        ...ftpsServers.map((server) =>
          allow(`FTPS to ${server}`, {
            protocols: [
              protocol(`FTPS of ${server}`, {
                primary: [outbound(tcp(21))],
                secondary: [outbound(passiveRanges[shipped.staged[server].on])],
              }),
            ],
            from: [internal],
            to: [computer(server)],
          }),
        ),
        // So that ISA does not read these servers' port 21 as the stock definition, which the filter is bound to.
        deny('No filter for FTPS', {
          protocols: [ftp],
          from: [internal],
          to: ftpsServers.map((server) => computer(server)),
        }),
        allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false }),
      ],
    },
  },
  cells: [
    ...ftpsServers.flatMap((server) => [
      fromY(server, uploads, { modes: passiveModes, tls: true }),
      fromY(server, dataDropped('isa-y'), { modes: activeModes, tls: true }),
    ]),
    fromY('vsftpd', uploads),
  ],
});
