import { type DriverName, type Step, stoppedWaiting, type TransferMode } from './attempt.ts';

/**
 * How long a client waits by itself for a data connection that is dropped, in seconds: what the patient run of
 * docs/clients.md found, in the modes that a program chooses by itself and when told to be active. lftp, which retries for
 * ever, and the lab's own active mode for basic-ftp have none.
 */
const ownWaits: Partial<Record<DriverName, Partial<Record<TransferMode, number>>>> = {
  'basic-ftp': { pasv: 30, epsv: 30 },
  curl: { epsv: 270, eprt: 60 },
  tnftp: { epsv: 195, eprt: 60 },
  ftplib: { pasv: 135, port: 60 },
};

/** Whether the lab ended the step's wait, because the firewall's trace showed that no reply can come. */
export function wasCutShort({ reply, program }: Step): boolean {
  return program?.cutShort ?? reply.endsWith(stoppedWaiting);
}

/** Seconds that the client would have waited by itself for a data connection; `undefined` if that was not measured. */
export function ownWait(driver: DriverName, mode: TransferMode): number | undefined {
  return ownWaits[driver]?.[mode];
}

/**
 * How long to wait if no trace ends a wait: so many milliseconds for each answer, or `client`: as long as the client
 * waits by itself.
 */
export type Patience = number | 'client';

/** basic-ftp's default timeout; and longer than any program waits by itself. In milliseconds. */
const basicFtpTimeout = 30_000;
const programsEnd = 15 * 60_000;

/** A patience in milliseconds. */
export function patienceMsOf(patience: Patience, driver: DriverName): number {
  if (patience !== 'client') return patience;
  return driver === 'basic-ftp' || driver === 'split-lines' ? basicFtpTimeout : programsEnd;
}
