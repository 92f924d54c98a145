import type { Scenario } from '../../lab/model/scenario.ts';
import { blocked, fromY, uploads } from '../shared.ts';
import { allOutboundAs } from './shared.ts';

/**
 * Servers require it so that nobody else can take over the data connection. basic-ftp resumes the session, Python's
 * ftplib does not.
 */
export const tlsSessionReuse: Scenario = {
  name: 'tls-session-reuse',
  question:
    "If the server requires data connections to resume the control connection's TLS session, which clients upload?",
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
