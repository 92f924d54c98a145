import type { AttemptOrder, ConnectionAttempt } from '../attempt.ts';
import type { FtpSession } from './ftp-session.ts';
import { Session } from './session.ts';

/** The session of the order's driver. `announce` is called as each connection attempt leaves or is asked for. */
export function openSession(
  order: AttemptOrder,
  announce: (connection: ConnectionAttempt) => void,
  now: () => number,
): FtpSession {
  return new Session(order, announce, now);
}
