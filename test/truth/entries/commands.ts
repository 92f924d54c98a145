/** A rule stops a command of the control connection by its content or size. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const commands: readonly Entry[] = [
  {
    name: 'command-stor-dropped',
    file: 'faults/command-stor-dropped.rules',
    expected: all(blocked('command-refused-by-firewall', { rule: 'no uploads', failedAt: 'store-small' })),
    why: 'The first rule drops every packet to port 21 that holds "STOR ", before ESTABLISHED is accepted; nothing else of a session holds it. Login and listing work.',
    tells: 'the line STOR was dropped',
  },
  {
    name: 'command-stor-reset',
    file: 'faults/command-stor-reset.rules',
    expected: all(
      blocked('command-refused-by-firewall', { rule: 'no uploads, said at once', failedAt: 'store-small' }),
    ),
    why: "As with DROP, but the client gets a reset in the server's name, so its control connection is gone.",
    tells: 'the line STOR was answered with a reset',
  },
  {
    name: 'command-stor-by-u32',
    file: 'faults/command-stor-by-u32.rules',
    expected: all(
      blocked('command-refused-by-firewall', { rule: 'first four bytes STOR', failedAt: 'store-small' }),
    ),
    why: 'u32 skips the IP and the TCP header and compares the first four bytes of the payload with STOR.',
    tells: 'the line STOR was dropped',
  },
  {
    name: 'command-long-lines-dropped',
    file: 'faults/command-long-lines-dropped.rules',
    expected: all(
      blocked('command-refused-by-firewall', { rule: 'no long commands', failedAt: 'store-small' }),
    ),
    why: 'IP and TCP headers with timestamps take 52 bytes. USER, PASS, OPTS, EPSV and LIST stay below 74 in all; STOR with its file name has 80 and more, PORT and EPRT 75 and more.',
    tells: 'which line was dropped: STOR in passive modes, PORT or EPRT in active ones',
  },
  {
    name: 'command-port-dropped',
    file: 'faults/command-port-dropped.rules',
    expected: each({
      pasv: up,
      epsv: up,
      port: blocked('command-refused-by-firewall', { rule: 'no active mode', failedAt: 'store-small' }),
      eprt: blocked('command-refused-by-firewall', {
        rule: 'no active mode either',
        failedAt: 'store-small',
      }),
    }),
    why: 'Only the two commands of active mode are dropped; passive modes do not use them.',
    tells: 'the line PORT or EPRT was dropped',
  },
  {
    name: 'command-epsv-reset',
    file: 'faults/command-epsv-reset.rules',
    expected: each({
      pasv: up,
      epsv: blocked('command-refused-by-firewall', { rule: 'no EPSV', failedAt: 'store-small' }),
      port: up,
      eprt: up,
    }),
    why: 'The bytes are those of EPSV, which one mode alone sends. The reset ends the control connection.',
    tells: 'the line EPSV was answered with a reset',
  },
  {
    name: 'command-pass-dropped',
    file: 'faults/command-pass-dropped.rules',
    expected: all(blocked('command-refused-by-firewall', { rule: 'no passwords', failedAt: 'login' })),
    why: 'The connection stands and the server greets, but PASS never arrives: the login fails, not the connect.',
    tells: 'the line PASS was dropped',
  },
  {
    name: 'command-stor-dropped-in-raw',
    file: 'faults/command-stor-dropped-in-raw.rules',
    expected: all(
      blocked('command-refused-by-firewall', { rule: 'raw: no uploads', failedAt: 'store-small' }),
    ),
    why: 'The raw table drops STOR before connection tracking and the filter table see it.',
    tells: 'the line STOR was dropped',
  },
  {
    name: 'command-stor-dropped-any-case',
    file: 'faults/command-stor-dropped-any-case.rules',
    firewall: 'isa-x',
    expected: all(
      blocked('command-refused-by-firewall', {
        firewall: 'isa-x',
        rule: 'no stor in any case',
        failedAt: 'store-small',
      }),
    ),
    why: '--icase matches "STOR cell", with which the lab\'s uploads begin.',
    tells: 'the line STOR was dropped',
  },
  {
    name: 'command-retr-dropped',
    file: 'faults/command-retr-dropped.rules',
    expected: all(up),
    why: 'Only downloads are hindered; an upload sends no RETR. A counter-proof.',
  },
  {
    name: 'command-stor-rule-too-late',
    file: 'faults/command-stor-rule-too-late.rules',
    expected: all(up),
    why: 'The first rule accepts what is established, and STOR travels in an established connection, so no STOR reaches the second rule. A counter-proof.',
  },
  {
    name: 'command-stor-other-port',
    file: 'faults/command-stor-other-port.rules',
    firewall: 'isa-x',
    expected: all(up),
    why: 'The rule is for control connections to port 2121; these go to port 21. A counter-proof.',
  },
];
