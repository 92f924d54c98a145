import { Dialogue } from '../ftp/dialogue.ts';
import type { OutputLine, Program } from './client-program.ts';

/**
 * A script as its documentation has it (docs.python.org, ftplib), with the dialogue logged. ftplib does without the module ssl, which takes
 * longest to load.
 */
const script = `
import sys
host, port, user, password, mode, tls, job, name = sys.argv[1:]
if not tls: sys.modules['ssl'] = None
import ftplib
ftp = ftplib.FTP_TLS() if tls else ftplib.FTP()
ftp.set_debuglevel(1)
ftp.connect(host, int(port))
ftp.login(user, password)
if tls: ftp.prot_p()
ftp.set_pasv(mode in ('pasv', 'epsv'))
if job == 'list': ftp.dir()
elif job == 'store':
    with open(name, 'rb') as file: ftp.storbinary('STOR ' + name, file)
else:
    with open(name, 'wb') as file: ftp.retrbinary('RETR ' + name, file.write)
ftp.quit()
`;

/** Python's ftplib: PASV or PORT over IPv4, EPSV or EPRT over IPv6, no fall-back; ignores the address in a 227 reply. */
export const ftplib: Program = {
  conversation: ({ host, tls }) => new Dialogue({ host, tls, followsPasvAddress: false }),
  invocation({ host, port, user, password, mode, tls }, job) {
    const file = job.do === 'list' ? '' : job.file;
    const args = [host, String(port), user, password, mode, tls ? 'tls' : '', job.do, file];
    return { command: ['python3', '-u', '-c', script, ...args] };
  },
  reader: () => read,
};

/** Python's repr() of a text without control characters other than line feeds. */
function unquoted(repr: string): string {
  return repr.slice(1, -1).replaceAll('\\n', '\n').replaceAll("\\'", "'");
}

function read(line: string): OutputLine {
  const [, kind, quoted] = /^\*(cmd|resp)\* (.*)$/.exec(line) ?? [];
  if (!kind || quoted === undefined) return { shown: !/^\*\w+\* /.test(line) };
  return { control: { from: kind === 'cmd' ? 'client' : 'server', text: unquoted(quoted) }, shown: false };
}
