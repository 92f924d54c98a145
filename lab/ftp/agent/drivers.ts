import type { AttemptOrder, ConnectionAttempt, DriverName } from '../attempt.ts';
import { curl } from './drivers/curl.ts';
import { ftplib } from './drivers/ftplib.ts';
import { lftp } from './drivers/lftp.ts';
import { tnftp, tnftpAfter } from './drivers/tnftp.ts';
import { webProxy } from './drivers/web-proxy.ts';
import type { FtpSession } from './ftp-session.ts';
import type { Program } from './program.ts';
import { ProgramSession } from './program-session.ts';
import { Session } from './session.ts';
import { splitActiveCommands } from './split-lines.ts';

const programs: Partial<Record<DriverName, Program>> = {
  curl,
  lftp,
  tnftp,
  ftplib,
  ascii: tnftpAfter(['ascii']),
  'web-proxy': webProxy,
};

/** The session of the order's driver. `announce` is called as each connection attempt leaves or is asked for. */
export function openSession(
  order: AttemptOrder,
  announce: (connection: ConnectionAttempt) => void,
  now: () => number,
): FtpSession {
  const program = programs[order.driver];
  if (program) return new ProgramSession(program, order, announce, now);
  const session = new Session(order, announce, now);
  if (order.driver === 'split-lines') splitActiveCommands(session.client.ftp);
  return session;
}
