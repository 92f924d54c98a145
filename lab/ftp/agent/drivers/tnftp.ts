import type { Job, Program } from '../program.ts';

function transferOf(job: Job): string {
  if (job.do === 'list') return 'ls';
  return `${job.do === 'store' ? 'put' : 'get'} ${job.file}`;
}

/** Lines that the option -d adds, besides the commands. */
const debugging = /^(?:setupsockbufsize: |features\[)/;

/**
 * The classic ftp. Passive by EPSV, then active by EPRT where that does not come about; -A begins with active; epsv4 off
 * means PASV and PORT (tnftp(1)). It follows the address in a 227 reply. `first`: what its user types before anything
 * else.
 */
export function tnftpAfter(first: readonly string[]): Program {
  return {
    followsPasvAddress: true,
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
        // Its own output stays in a buffer where it goes to no terminal.
        command: ['stdbuf', '-oL', 'tnftp', '-n', '-v', '-d', ...(active ? ['-A'] : [])],
        input: `${lines.join('\n')}\n`,
      };
    },
    read(line) {
      const [, command] = /^---> (.*)$/.exec(line) ?? [];
      if (command !== undefined) return { control: { from: 'client', text: command }, shown: false };
      if (debugging.test(line)) return { shown: false };
      // Also says 421 by itself where no reply came in time.
      if (/^\d{3}[ -]/.test(line) && !line.startsWith('421 Service not available, '))
        return { control: { from: 'server', text: line }, shown: true };
      return { shown: true };
    },
  };
}

export const tnftp = tnftpAfter([]);
