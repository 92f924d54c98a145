import type { ConnectionAttempt, DriverName } from '../model/attempt.ts';
import type { FtpSession } from './ftp/ftp-session.ts';
import { Session } from './ftp/session.ts';
import { splitActiveCommands } from './ftp/split-lines.ts';
import type { Program } from './programs/client-program.ts';
import { curl } from './programs/curl.ts';
import { ftplib } from './programs/ftplib.ts';
import { lftp } from './programs/lftp.ts';
import { ProgramSession } from './programs/program-session.ts';
import { tnftp, tnftpAfter } from './programs/tnftp.ts';
import { webProxy } from './programs/web-proxy.ts';
import type { AttemptOrder } from './protocol.ts';

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
