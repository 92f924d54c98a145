import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { allOutbound } from './shared.ts';

/**
 * Servers require it so that nobody else can take over the data connection. basic-ftp resumes the session, Python's
 * ftplib does not.
 */
export const tlsSessionReuse = scenario('tls-session-reuse', {
  question:
    "If the server requires data connections to resume the control connection's TLS session, which clients upload?",
  ruleSet: allOutbound,
  stages: 'tls-session-reuse-required',
  cells: (['vsftpd-tls', 'proftpd-tls'] as const).flatMap((server) => [
    fromY(server, blocked('tls-session-reuse-required', 'no-data'), {
      modes: ['pasv'],
      drivers: ['ftplib'],
      tls: true,
    }),
    fromY(server, uploads, { modes: ['pasv'], tls: true }),
  ]),
});
