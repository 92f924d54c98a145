/** A rule stops a reply of the control connection by its content. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const replies: readonly Entry[] = [
  {
    name: 'reply-227-dropped',
    file: 'faults/reply-227-dropped.rules',
    expected: each({
      pasv: blocked('command-refused-by-firewall', { rule: 'no 227', failedAt: 'store-small' }),
      epsv: up,
      port: up,
      eprt: up,
    }),
    why: 'The reply to PASV does not arrive, so the client never learns where to connect. EPSV is answered by 229, active modes by 200.',
    tells: 'the reply 227 was dropped',
  },
  {
    name: 'reply-229-reset',
    file: 'faults/reply-229-reset.rules',
    expected: each({
      pasv: up,
      epsv: blocked('command-refused-by-firewall', { rule: 'no 229', failedAt: 'store-small' }),
      port: up,
      eprt: up,
    }),
    why: 'REJECT sends the reset to the sender of the packet, which is the server; the client hears nothing more.',
    tells: 'the reply 229 was answered with a reset to the server',
  },
  {
    name: 'reply-226-dropped',
    file: 'faults/reply-226-dropped.rules',
    expected: all(blocked('command-refused-by-firewall', { rule: 'no 226', failedAt: 'store-small' })),
    why: 'Both transfers run to their end and only the confirmation is dropped. Nearest code: the command was carried out, and the firewall kept the answer back.',
    tells: 'the reply 226 was dropped; the file is complete on the server',
  },
  {
    name: 'reply-150-dropped',
    file: 'faults/reply-150-dropped.rules',
    expected: all(blocked('command-refused-by-firewall', { rule: 'no 150', failedAt: 'store-small' })),
    why: 'The client waits for 150 before it sends data, and what the server says later waits behind the lost line.',
    tells: 'the reply 150 was dropped; the file on the server is empty',
  },
  {
    name: 'reply-220-dropped',
    file: 'faults/reply-220-dropped.rules',
    expected: all(blocked('command-refused-by-firewall', { rule: 'no greeting', failedAt: 'connect' })),
    why: 'The TCP connection comes about; the greeting does not arrive. vsftpd greets with "220 (vsFTPd ...)".',
    tells: 'the greeting 220 was dropped, though the connection stands',
  },
  {
    name: 'reply-230-dropped',
    file: 'faults/reply-230-dropped.rules',
    expected: all(blocked('command-refused-by-firewall', { rule: 'no 230', failedAt: 'login' })),
    why: 'The server lets the user in and its answer to PASS is dropped.',
    tells: 'the reply 230 was dropped',
  },
  {
    name: 'reply-port-ok-dropped',
    file: 'faults/reply-port-ok-dropped.rules',
    expected: each({
      pasv: up,
      epsv: up,
      port: blocked('command-refused-by-firewall', { rule: 'no answer to PORT', failedAt: 'store-small' }),
      eprt: up,
    }),
    why: 'vsftpd answers PORT with "200 PORT command successful." and EPRT with "200 EPRT command successful."; the string is in the first alone.',
    tells: 'the reply 200 to PORT was dropped',
  },
  {
    name: 'reply-227-dropped-in-mangle',
    file: 'faults/reply-227-dropped-in-mangle.rules',
    firewall: 'isa-x',
    expected: each({
      pasv: blocked('command-refused-by-firewall', {
        firewall: 'isa-x',
        rule: 'mangle: no 227',
        failedAt: 'store-small',
      }),
      epsv: up,
      port: up,
      eprt: up,
    }),
    why: 'The same as in the filter table, at the last hook before the packet leaves.',
    tells: 'the reply 227 was dropped',
  },
  {
    name: 'reply-221-dropped',
    file: 'faults/reply-221-dropped.rules',
    expected: all(up),
    why: '221 is the answer to QUIT, after everything is done. A counter-proof.',
  },
];
