import type { ConnectionPacket } from '../../lab/model/evidence.ts';

/** A packet that isa-y saw: a SYN that it sent on its way, but for what is given. */
export function tracedPacket(
  given: Pick<ConnectionPacket, 'source' | 'destination'> & Partial<ConnectionPacket>,
): ConnectionPacket {
  return {
    firewall: 'isa-y',
    at: '2005-09-01T00:00:00.000Z',
    ms: 1,
    protocol: 'tcp',
    flags: 'SYN',
    unreachable: null,
    translated: null,
    stray: false,
    met: [],
    fate: 'sent',
    decision: { action: 'accept', table: 'filter', chain: 'FORWARD', rule: 'FTP' },
    ...given,
  };
}
