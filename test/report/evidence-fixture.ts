import type { ConnectionPacket, Evidence } from '../../lab/model/evidence.ts';

const startedAt = '2005-09-14T08:00:00.000Z';
const defaultRule = '-A FORWARD -m comment --comment "Default rule" -j DROP';

function packet(flags: string, ms: number, rest: Partial<ConnectionPacket> = {}): ConnectionPacket {
  return {
    firewall: 'isa-y',
    at: new Date(Date.parse(startedAt) + ms).toISOString(),
    ms,
    protocol: 'tcp',
    flags,
    source: '192.168.20.10:39000',
    destination: '198.51.100.21:21',
    unreachable: null,
    translated: null,
    stray: false,
    met: [],
    fate: 'sent',
    decision: { action: 'accept', table: 'filter', chain: 'FORWARD', rule: 'FTP port 21' },
    ...rest,
  };
}

/**
 * The evidence of y-server's upload to vsftpd if isa-y drops the data connection. `comment` is the comment of isa-y's
 * rule.
 */
export function droppedEvidence(comment = 'Default rule'): Evidence {
  const data = { source: '192.168.20.10:42344', destination: '198.51.100.21:50089' };
  return {
    startedAt,
    firewalls: ['isa-y'],
    stepStarts: { connect: 0, login: 4, list: 20, 'store-small': 40 },
    transcript: [
      { from: 'server', text: '220 (vsFTPd 3.0.3)', ms: 4 },
      { from: 'client', text: 'USER upload', ms: 5 },
      { from: 'server', text: '230 Login successful.', ms: 12 },
      { from: 'client', text: 'PASV', ms: 41 },
      { from: 'server', text: '227 Entering Passive Mode (198,51,100,21,195,169).', ms: 42 },
    ],
    connections: [
      {
        purpose: 'control',
        openedBy: 'client',
        step: 'connect',
        source: '192.168.20.10:39000',
        destination: '198.51.100.21:21',
        ms: 1,
        packets: [
          packet('SYN', 2),
          packet('SYN ACK', 3, { source: '198.51.100.21:21', destination: '192.168.20.10:39000' }),
        ],
      },
      {
        purpose: 'data',
        openedBy: 'client',
        step: 'store-small',
        ...data,
        ms: 43,
        packets: [
          packet('SYN', 46, {
            ...data,
            met: [{ table: 'filter', chain: 'FORWARD', rule: defaultRule, comment, verdict: 'drop' }],
            fate: 'refused',
            decision: { action: 'drop', table: 'filter', chain: 'FORWARD', rule: comment },
          }),
        ],
      },
    ],
    traceComplete: true,
    files: {},
  };
}
