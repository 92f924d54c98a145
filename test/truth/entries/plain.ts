/** What most firewalls get wrong. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

export const plain: readonly Entry[] = [
  {
    name: 'port-21-only',
    file: 'faults/port-21-only.rules',
    firewall: 'isa-x',
    expected: all(
      blocked('data-dropped', { firewall: 'isa-x', rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    ),
    why: "The report's fault: nothing but port 21 is open.",
  },
  {
    name: 'ports-20-and-21',
    file: 'faults/ports-20-and-21.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'No data connection goes to port 20: passive ones go to a high port, active ones come from 20.',
  },
  {
    name: 'high-ports',
    file: 'faults/high-ports.rules',
    firewall: 'isa-x',
    expected: each({
      passive: up,
      active: blocked('data-dropped', {
        firewall: 'isa-x',
        rule: 'policy FORWARD DROP',
        failedAt: 'store-small',
      }),
    }),
    why: 'High ports are open outbound; nothing opens from outside.',
  },
  {
    name: 'source-port-20',
    file: 'faults/source-port-20.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'vsftpd opens active data connections from port 20. Passive ones meet the policy.',
  },
  {
    name: 'established-forgotten',
    file: 'faults/established-forgotten.rules',
    expected: all(blocked('control-dropped', { rule: 'policy FORWARD DROP', failedAt: 'connect' })),
    why: 'The SYN passes; no rule is for the answer.',
    tells: 'the answer to the opening was dropped',
  },
  {
    name: 'rules-in-input',
    file: 'faults/rules-in-input.rules',
    asIs: true,
    expected: all(blocked('control-dropped', { rule: 'policy FORWARD DROP', failedAt: 'connect' })),
    why: "INPUT and OUTPUT are for the firewall's own packets; forwarded ones meet the policy of FORWARD.",
  },
  {
    name: 'interfaces-swapped',
    file: 'faults/interfaces-swapped.rules',
    expected: all(blocked('control-dropped', { rule: 'policy FORWARD DROP', failedAt: 'connect' })),
    why: 'The rule is for control connections from outside.',
  },
  {
    name: 'other-client',
    file: 'faults/other-client.rules',
    expected: all(blocked('control-dropped', { rule: 'everybody else in Y', failedAt: 'connect' })),
    why: 'Another host of subnet Y may do everything, this one nothing.',
  },
  {
    name: 'accept-behind-drop',
    file: 'faults/accept-behind-drop.rules',
    expected: all(blocked('control-dropped', { rule: 'deny what was not allowed', failedAt: 'connect' })),
    why: 'Rules are tried in order: those that allow stand behind the one that denies all.',
  },
  {
    name: 'range-of-proftpd',
    file: 'faults/range-of-proftpd.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'vsftpd draws from 32768 to 60999, which 1025 to 5000 does not hold. Nothing opens from outside.',
  },
  {
    name: 'range-of-proftpd-to-proftpd',
    file: 'faults/range-of-proftpd.rules',
    server: 'proftpd',
    expected: each({
      passive: up,
      active: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
    }),
    why: 'ProFTPD draws from just this range.',
  },
  {
    name: 'output-interface-forgotten',
    file: 'faults/output-interface-forgotten.rules',
    expected: all(blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' })),
    why: 'The second rule is for packets that leave by the interface they came by.',
  },
  {
    name: 'from-another-mac',
    file: 'faults/from-another-mac.rules',
    expected: all(blocked('control-dropped', { rule: 'policy FORWARD DROP', failedAt: 'connect' })),
    why: 'Nobody in the lab has that MAC address (Docker gives 02:42:...).',
  },
  {
    name: 'ipsec-wanted',
    file: 'faults/ipsec-wanted.rules',
    firewall: 'isa-x',
    expected: all(blocked('control-dropped', { firewall: 'isa-x', rule: 'IPsec only', failedAt: 'connect' })),
    why: 'Packets that came without IPsec are dropped, and none comes with it.',
  },
  {
    name: 'policy-accept',
    file: 'faults/policy-accept.rules',
    expected: all(up),
    why: 'Nothing is denied but UDP. A counter-proof.',
  },
  {
    name: 'stateless-both-ways',
    file: 'faults/stateless-both-ways.rules',
    expected: each({
      passive: blocked('data-dropped', { rule: 'policy FORWARD DROP', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'A filter without connection tracking, as of old: control both ways, and active data from port 20. Passive data connections meet the policy.',
  },
];
