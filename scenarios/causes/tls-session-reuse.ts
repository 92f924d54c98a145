import type { Scenario } from '../../lab/model/scenario.ts';
import { uploads } from '../shared.ts';
import { allOutboundAs, blocked, fromY } from './shared.ts';

/** Servers ask for it, lest somebody else take the data connection. Python's ftplib does not do it, basic-ftp does. */
export const tlsSessionReuse: Scenario = {
  name: 'tls-session-reuse',
  question:
    "Where the server wants the control connection's TLS session in the data connection, which clients upload?",
  ruleSet: allOutboundAs('tls-session-reuse'),
  stages: 'tls-session-reuse-required',
  cells: (['vsftpd-tls', 'proftpd-tls'] as const).flatMap((server) => [
    fromY(server, blocked('tls-session-reuse-required', 'no-data'), {
      modes: ['pasv'],
      drivers: ['ftplib'],
      tls: true,
    }),
    fromY(server, uploads, { modes: ['pasv'], tls: true }),
  ]),
};
