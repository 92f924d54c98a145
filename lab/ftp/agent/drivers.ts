import type { AttemptOrder, ConnectionAttempt, DriverName } from '../attempt.ts';
import { curl } from './drivers/curl.ts';
import { ftplib } from './drivers/ftplib.ts';
import { lftp } from './drivers/lftp.ts';
import { tnftp } from './drivers/tnftp.ts';
import type { FtpSession } from './ftp-session.ts';
import type { Program } from './program.ts';
import { ProgramSession } from './program-session.ts';
import { Session } from './session.ts';

const programs: Partial<Record<DriverName, Program>> = { curl, lftp, tnftp, ftplib };

/** The session of the order's driver. `announce` is called as each connection attempt leaves or is asked for. */
export function openSession(
  order: AttemptOrder,
  announce: (connection: ConnectionAttempt) => void,
  now: () => number,
): FtpSession {
  const program = programs[order.driver];
  return program ? new ProgramSession(program, order, announce, now) : new Session(order, announce, now);
}
