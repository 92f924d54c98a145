import type { TransferMode } from '../../model/attempt.ts';
import { Dialogue } from '../ftp/dialogue.ts';
import type { Job, OutputLine, Program } from './client-program.ts';

/**
 * PASV unless told otherwise; over IPv4 its active mode is PORT alone, over IPv6 it has EPSV and EPRT (lftp(1), ftp:prefer-epsv,
 * ftp:passive-mode).
 */
const modeSettings: Partial<Record<TransferMode, string>> = {
  epsv: 'set ftp:prefer-epsv yes',
  port: 'set ftp:passive-mode no',
  eprt: 'set ftp:passive-mode no',
};

function transferOf(job: Job): string {
  if (job.do === 'list') return 'ls';
  return `${job.do === 'store' ? 'put' : 'get'} ${job.file}`;
}

export const lftp: Program = {
  // ftp:fix-pasv-address replaces an address that the server cannot mean; other addresses are followed.
  conversation: ({ host, tls }) => new Dialogue({ host, tls, followsPasvAddress: true }),
  invocation({ host, port, user, password, mode, tls }, job) {
    const lines = [
      'debug 5',
      modeSettings[mode] ?? '',
      tls ? 'set ftp:ssl-force yes; set ssl:verify-certificate no' : '',
      `open --user ${user} --password ${password} -p ${port} ftp://${host.includes(':') ? `[${host}]` : host}`,
      transferOf(job),
    ];
    return { command: ['lftp', '-c', lines.filter((line) => line !== '').join('\n')] };
  },
  reader: () => read,
};

function read(line: string): OutputLine {
  const [, mark, text = ''] = /^(<---|--->|----|\*\*\*\*|\+\+\+\+) ?(.*)$/.exec(line) ?? [];
  if (mark === '<---') return { control: { from: 'server', text }, shown: false };
  if (mark === '--->') return { control: { from: 'client', text }, shown: false };
  return { shown: mark === undefined };
}
