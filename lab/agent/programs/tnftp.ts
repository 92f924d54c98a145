import { Dialogue } from '../ftp/dialogue.ts';
import type { Job, OutputLine, Program } from './client-program.ts';

function transferOf(job: Job): string {
  if (job.do === 'list') return 'ls';
  return `${job.do === 'store' ? 'put' : 'get'} ${job.file}`;
}

/** Lines that the option -d adds in addition to the commands. */
const debugging = /^(?:setupsockbufsize: |features\[|remotemodtime: )/;

/** Commands whose replies only -d shows. */
const quiet = new Set(['SYST', 'FEAT', 'TYPE', 'SIZE', 'MDTM']);

function reader(): (line: string) => OutputLine {
  let verb = '';
  let last = '';
  let multiline: string | null = null;
  return (line) => {
    const [, command] = /^---> (.*)$/.exec(line) ?? [];
    if (command !== undefined) {
      verb = command.split(' ')[0] ?? '';
      last = '';
      return { control: { from: 'client', text: command }, shown: false };
    }
    if (debugging.test(line)) return { shown: false };
    const [, code, separator] = /^(\d{3})([ -])/.exec(line) ?? [];
    // It prints 421 itself too, if no reply came in time.
    const reply =
      multiline !== null || (code !== undefined && !line.startsWith('421 Service not available, '));
    if (!reply) return { shown: true };
    if (separator === '-') multiline ??= code ?? null;
    else if (code === multiline) multiline = null;
    // With -d it shows the replies to PASV, EPSV and so on twice.
    if (line === last) return { shown: false };
    last = line;
    return { control: { from: 'server', text: line }, shown: !quiet.has(verb) };
  };
}

/**
 * The classic ftp. Passive by EPSV, then active by EPRT if the passive connection fails; -A begins with active; epsv4 off
 * means PASV and PORT (tnftp(1)). It follows the address in a 227 reply. `first`: what its user types before anything
 * else.
 */
export function tnftpAfter(first: readonly string[]): Program {
  return {
    conversation: ({ host, tls }) => new Dialogue({ host, tls, followsPasvAddress: true }),
    invocation({ host, port, user, password, mode }, job) {
      const active = mode === 'port' || mode === 'eprt';
      const lines = [
        ...(mode === 'pasv' || mode === 'port' ? ['epsv4'] : []),
        `open ${host} ${port}`,
        `user ${user} ${password}`,
        ...first,
        transferOf(job),
        'bye',
      ];
      return {
        // It buffers its own output unless it writes to a terminal.
        command: ['stdbuf', '-oL', 'tnftp', '-n', '-v', '-d', ...(active ? ['-A'] : [])],
        input: `${lines.join('\n')}\n`,
      };
    },
    reader,
  };
}

export const tnftp = tnftpAfter([]);
