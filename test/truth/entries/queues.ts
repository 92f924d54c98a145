/** Packets that go to a program, or twice. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const queues: readonly Entry[] = [
  {
    name: 'nfqueue-nobody',
    file: 'faults/nfqueue-nobody.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'inspection', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'No program listens on queue 7, and without --queue-bypass the kernel drops.',
    tells: 'no program listens on the queue',
  },
  {
    name: 'nfqueue-nobody-all',
    file: 'faults/nfqueue-nobody-all.rules',
    firewall: 'isa-x',
    expected: all(
      blocked('control-dropped', { firewall: 'isa-x', rule: 'inspect everything', failedAt: 'connect' }),
    ),
    why: 'All packets go to a queue on which nobody listens.',
    tells: 'no program listens on the queue',
  },
  {
    name: 'nfqueue-bypass',
    file: 'faults/nfqueue-bypass.rules',
    expected: all(up),
    why: 'With --queue-bypass the kernel accepts if nobody listens. A counter-proof.',
  },
  {
    name: 'tee-to-nobody',
    file: 'faults/tee-to-nobody.rules',
    expected: all(up),
    why: 'A copy goes to an address that nobody has; the packet itself goes on. A counter-proof.',
  },
  {
    name: 'targets-that-go-on',
    file: 'faults/targets-that-go-on.rules',
    expected: all(up),
    why: 'None of these targets decides. A counter-proof.',
  },
  {
    name: 'copy-of-syn-dropped-on-output',
    file: 'faults/copy-of-syn-dropped-on-output.rules',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'What is dropped on its way out is a copy that the firewall itself sends. The packet itself goes on.',
  },
];
