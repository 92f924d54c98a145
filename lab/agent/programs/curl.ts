import type { TransferMode } from '../../model/attempt.ts';
import { endpointOf } from '../../model/endpoint.ts';
import { Dialogue } from '../ftp/dialogue.ts';
import type { Job, OutputLine, Program } from './client-program.ts';

/**
 * Passive: EPSV first, PASV if that or its connection fails. Active: EPRT first, then PORT (curl(1), --disable-epsv,
 * --disable-eprt). Ignores the address in a 227 reply (--ftp-skip-pasv-ip, since 7.74).
 */
const modeOptions: Record<TransferMode, readonly string[]> = {
  epsv: [],
  pasv: ['--disable-epsv'],
  eprt: ['--ftp-port', '-'],
  port: ['--ftp-port', '-', '--disable-eprt'],
};

/** What the command line says of the transfer; `url` is that of the account's folder. */
export function transferArguments(url: string, job: Job): string[] {
  if (job.do === 'list') return [url];
  return job.do === 'store' ? ['--upload-file', job.file, url] : ['--remote-name', url + job.file];
}

export const curl: Program = {
  conversation: ({ host, tls }) => new Dialogue({ host, tls, followsPasvAddress: false }),
  invocation({ host, port, user, password, mode, tls }, job) {
    return {
      command: [
        'curl',
        '--verbose',
        // The progress meter, redrawn on one line: nobody looks for its text.
        '--no-progress-meter',
        ...modeOptions[mode],
        ...(tls ? ['--ssl-reqd', '--insecure'] : []),
        '--user',
        `${user}:${password}`,
        ...transferArguments(`ftp://${endpointOf(host, port)}/`, job),
      ],
    };
  },
  reader: () => read,
};

function read(line: string): OutputLine {
  const [, mark, text = ''] = /^([<>*{}])(?: (.*))?$/.exec(line) ?? [];
  if (mark === '<' || mark === '>')
    return { control: { from: mark === '<' ? 'server' : 'client', text }, shown: false };
  return { shown: mark === undefined };
}
