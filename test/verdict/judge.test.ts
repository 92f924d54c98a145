import { describe, expect, it } from 'vitest';
import {
  type FailureKind,
  type ObservedStep,
  type StepName,
  stepNames,
  type TransferMode,
} from '../../lab/model/attempt.ts';
import type { ConnectionEvidence, ConnectionPacket } from '../../lab/model/evidence.ts';
import type { Fate, RuleMet } from '../../lab/model/packet.ts';
import type { Observation } from '../../lab/verdict/finding.ts';
import { judge } from '../../lab/verdict/judge.ts';
import { tracedPacket } from './traced-packet.ts';

const client = '192.168.20.10:42344';
const server = '198.51.100.21:50089';

/** A packet of the data connection; without a change, a SYN that isa-y sent on its way. */
function packet(change: Partial<ConnectionPacket> = {}): ConnectionPacket {
  return tracedPacket({ source: client, destination: server, ...change });
}

const answer = packet({ flags: 'SYN ACK', source: server, destination: client });
const answered = [packet(), answer];

function refused(action: 'drop' | 'reject', change: Partial<ConnectionPacket> = {}): ConnectionPacket {
  const decision = { action, table: 'filter', chain: 'FORWARD', rule: 'Default rule' };
  return packet({ fate: 'refused', decision, ...change });
}

/** A packet in which the access filter spoilt the command, given as nft writes its four letters. */
function spoilt(command: string): ConnectionPacket {
  const place = { table: 'ftp-filter', chain: 'forward' };
  const rule = `tcp dport 21 @ih,0,32 & 0xdfdfdfdf == ${command} meta nftrace set 1 @ih,0,16 set 0x5858 comment "Default rule"`;
  return packet({
    flags: 'PSH ACK',
    met: [{ ...place, rule, comment: 'Default rule', verdict: 'continue' }],
    decision: { action: 'accept', ...place, rule: 'Default rule' },
  });
}
const stor = '0x53544f52';
const auth = '0x41555448';
const helper: RuleMet = {
  table: 'raw',
  chain: 'PREROUTING',
  rule: '-A PREROUTING -p tcp -m comment --comment "Default rule" -j CT --helper ftp',
  comment: 'Default rule',
  verdict: 'continue',
};
const icmp = (fate: Fate): ConnectionPacket => ({
  ...(fate === 'refused' ? refused('drop') : packet()),
  protocol: 'icmp',
  flags: '',
  source: '192.168.20.1',
  destination: '192.168.20.10',
  unreachable: { code: 4, mtu: 1400, about: { source: client, destination: server } },
});

function step(
  name: StepName,
  failure: FailureKind | null = null,
  reply: number | string = 'text',
): ObservedStep {
  const stored = name.startsWith('store') ? { file: `${name}.bin`, sha256: 'aa', bytes: 5 } : null;
  const purpose = name === 'connect' ? 'control' : 'data';
  const destination = purpose === 'control' ? '198.51.100.21:21' : server;
  const connection = { purpose, openedBy: 'client', step: name, source: null, destination } as const;
  const outcome = failure ? 'failed' : 'ok';
  const code = typeof reply === 'number' ? reply : null;
  return {
    name,
    outcome,
    reply: String(reply),
    at: 0,
    ms: 1,
    code,
    failure,
    connection,
    stored,
    program: null,
  };
}

/** What is known of an attempt in which the given steps failed, and the firewall saw the given packets. */
function evidence(
  failures: Partial<Record<StepName, [FailureKind, (number | string)?]>>,
  options: {
    /** Packets of the data connections; a SYN that is sent and answered unless given. */
    data?: ConnectionPacket[];
    control?: ConnectionPacket[];
    /** Where the data connections go to. */
    destination?: string;
    mode?: TransferMode;
    held?: string | null;
    gaps?: true;
    closeUp?: true;
  } = {},
): Observation {
  const { destination = server } = options;
  const steps = stepNames.map((name) => {
    const [failure, reply] = failures[name] ?? [];
    const made = step(name, failure, reply);
    return made.connection?.purpose === 'data'
      ? { ...made, connection: { ...made.connection, destination } }
      : made;
  });
  const connections = steps.flatMap(({ connection }): ConnectionEvidence[] =>
    connection
      ? [
          {
            ...connection,
            ms: 0,
            packets: (connection.purpose === 'control' ? options.control : options.data) ?? answered,
          },
        ]
      : [],
  );
  const held = options.held === undefined ? 'aa' : options.held;
  const file = held === null ? null : { bytes: 5, sha256: held };
  return {
    cell: {
      client: 'y-server',
      server: 'vsftpd',
      mode: options.mode ?? 'pasv',
      driver: 'basic-ftp',
      tls: false,
    },
    steps,
    evidence: {
      startedAt: '2005-09-01T00:00:00.000Z',
      firewalls: ['isa-y'],
      stepStarts: {},
      transcript: [],
      connections,
      traceComplete: !options.gaps,
      ...(options.closeUp && { closeUp: true }),
      files: { 'store-small.bin': file, 'store-large.bin': file },
    },
  };
}

describe('judge', () => {
  const drop = [refused('drop')];
  const reject = [refused('reject')];
  const line = { flags: 'PSH ACK', source: client, destination: '198.51.100.21:21' };
  const lineDropped = refused('drop', { ...line, again: true, bytes: 80 });
  const table: [
    what: string,
    Observation,
    cause: string,
    failedAt: StepName | null,
    firewall: string | null,
  ][] = [
    ['everything arrived', evidence({}), 'none', null, null],
    [
      'a listing alone failed: the upload is what counts',
      evidence({ list: ['data-unanswered'] }),
      'none',
      null,
      null,
    ],
    [
      'SYN to port 21 dropped',
      evidence({ connect: ['control-unanswered'] }, { control: drop }),
      'control-dropped',
      'connect',
      'isa-y',
    ],
    [
      'SYN to port 21 rejected',
      evidence({ connect: ['control-refused'] }, { control: reject }),
      'control-refused',
      'connect',
      'isa-y',
    ],
    ['no daemon on port 21', evidence({ connect: ['control-refused'] }), 'control-refused', 'connect', null],
    ['wrong password', evidence({ login: ['login-denied', 530] }), 'login-denied', 'login', null],
    [
      'data SYN dropped',
      evidence({ 'store-small': ['data-unanswered'] }, { data: drop }),
      'data-dropped',
      'store-small',
      'isa-y',
    ],
    [
      'data SYN rejected',
      evidence({ 'store-small': ['data-refused'] }, { data: reject }),
      'data-refused',
      'store-small',
      'isa-y',
    ],
    [
      'an ICMP reject that looked like silence: the trace knows better',
      evidence({ 'store-small': ['data-unanswered'] }, { data: reject }),
      'data-refused',
      'store-small',
      'isa-y',
    ],
    [
      'nobody listens on the data port',
      evidence({ 'store-small': ['data-refused'] }),
      'data-refused',
      'store-small',
      null,
    ],
    [
      'silence without a trace of why',
      evidence({ 'store-small': ['data-unanswered'] }),
      'inconclusive',
      'store-small',
      null,
    ],
    [
      'a line of the client dropped again and again',
      evidence({ 'store-small': ['command-unanswered'] }, { control: [lineDropped] }),
      'command-refused-by-firewall',
      'store-small',
      'isa-y',
    ],
    [
      'a line of the client dropped, and let pass when it was sent again',
      evidence(
        { 'store-small': ['command-unanswered'] },
        { control: [lineDropped, packet({ ...line, again: true, ms: 2, bytes: 80 })] },
      ),
      'inconclusive',
      'store-small',
      null,
    ],
    [
      'a line dropped once, of which nobody knows what became of it',
      evidence(
        { 'store-small': ['command-unanswered'] },
        { control: [refused('drop', { ...line, bytes: 80 })] },
      ),
      'inconclusive',
      'store-small',
      null,
    ],
    [
      'data dropped again and again',
      evidence(
        { 'store-large': ['transfer-stalled'] },
        { data: [...answered, refused('drop', { flags: 'ACK', again: true })] },
      ),
      'stalled-mid-transfer',
      'store-large',
      'isa-y',
    ],
    [
      'data rejected, as a look at every packet shows',
      evidence(
        { 'store-large': ['control-closed'] },
        { data: [...answered, refused('reject', { flags: 'ACK' })] },
      ),
      'stalled-mid-transfer',
      'store-large',
      'isa-y',
    ],
    [
      'the packet dropped that completes the handshake, as the answer that is sent again shows',
      evidence(
        { 'store-small': ['command-unanswered'] },
        { data: [packet(), { ...answer, again: true }, refused('drop', { flags: 'ACK' })] },
      ),
      'data-dropped',
      'store-small',
      'isa-y',
    ],
    [
      'the packet rejected that completes the handshake, as a look at every packet shows',
      evidence(
        { 'store-small': ['data-refused'] },
        { data: [packet(), answer, refused('reject', { flags: 'ACK' })], closeUp: true },
      ),
      'data-refused',
      'store-small',
      'isa-y',
    ],
    [
      'the same behind a firewall that hides the client',
      evidence(
        { 'store-small': ['command-unanswered'] },
        {
          data: [
            packet(),
            {
              ...answer,
              destination: '198.51.100.3:42344',
              translated: { source: answer.source, destination: packet().source },
              again: true,
            },
            refused('drop', { flags: 'ACK' }),
          ],
        },
      ),
      'data-dropped',
      'store-small',
      'isa-y',
    ],
    [
      'a control connection that the client closes, and a rule that rejects that',
      evidence(
        { connect: ['greeting-silent'] },
        { control: [refused('reject', { ...line, flags: 'FIN ACK' })], closeUp: true },
      ),
      'inconclusive',
      'connect',
      null,
    ],
    [
      'PORT refused',
      evidence({ 'store-small': ['data-command-refused', 500] }, { mode: 'port' }),
      'port-command-refused',
      'store-small',
      null,
    ],
    [
      'STOR refused by the filter',
      evidence({ 'store-small': ['command-refused', 500] }, { control: [spoilt(stor)] }),
      'command-refused-by-firewall',
      'store-small',
      'isa-y',
    ],
    [
      'STOR refused by the server',
      evidence({ 'store-small': ['command-refused', 550] }),
      'command-refused-by-server',
      'store-small',
      null,
    ],
    [
      'AUTH TLS refused by the filter',
      evidence({ login: ['tls-refused', 500] }, { control: [spoilt(auth)] }),
      'tls-refused-by-firewall',
      'login',
      'isa-y',
    ],
    [
      'AUTH TLS refused by the server',
      evidence({ login: ['tls-refused', 530] }),
      'command-refused-by-server',
      'login',
      null,
    ],
    [
      'TLS session not reused',
      evidence({ 'store-small': ['tls-session-not-reused', 522] }),
      'tls-session-reuse-required',
      'store-small',
      null,
    ],
    [
      'TLS session not reused, said to the listing: the upload broke as it was written',
      evidence({ list: ['tls-session-not-reused', 425], 'store-small': ['other'] }),
      'tls-session-reuse-required',
      'store-small',
      null,
    ],
    ['quota', evidence({ 'store-large': ['command-refused', 552] }), 'quota-exceeded', 'store-large', null],
    ['stall', evidence({ 'store-large': ['transfer-stalled'] }), 'stalled-mid-transfer', 'store-large', null],
    [
      'quota in words, with the transfer under way',
      evidence({ 'store-large': ['transfer-stalled', '426 Failure: Disk quota exceeded'] }),
      'quota-exceeded',
      'store-large',
      null,
    ],
    [
      'a line in pieces that the FTP helper kept',
      evidence(
        { 'store-small': ['control-closed'] },
        { control: [packet({ met: [helper] }), packet({ ...line, fate: 'lost' })] },
      ),
      'command-refused-by-firewall',
      'store-small',
      'isa-y',
    ],
    [
      'a line that got lost without a helper',
      evidence({ 'store-small': ['control-closed'] }, { control: [packet({ ...line, fate: 'lost' })] }),
      'inconclusive',
      'store-small',
      null,
    ],
    [
      'a line that got lost in an earlier step',
      evidence(
        { 'store-small': ['control-closed'] },
        { control: [packet({ met: [helper] }), packet({ ...line, fate: 'lost', ms: 9000 })] },
      ),
      'inconclusive',
      'store-small',
      null,
    ],
    [
      'the reply to a complete upload dropped, the control connection forgotten',
      evidence(
        { 'store-large': ['transfer-stalled'] },
        { control: [packet(), refused('drop', { ...line, stray: true })] },
      ),
      'control-idle-cut',
      'store-large',
      'isa-y',
    ],
    [
      'the reply did not come, no packet dropped',
      evidence({ 'store-large': ['transfer-stalled'] }),
      'stalled-mid-transfer',
      'store-large',
      null,
    ],
    [
      'packets too large, and the message about them dropped',
      evidence({ 'store-large': ['transfer-stalled'] }, { data: [packet(), icmp('refused')] }),
      'stalled-mid-transfer',
      'store-large',
      'isa-y',
    ],
    [
      'packets too large, and the message about them sent: something else stalls',
      evidence({ 'store-large': ['transfer-stalled'] }, { data: [packet(), icmp('sent')] }),
      'stalled-mid-transfer',
      'store-large',
      null,
    ],
    [
      'a SYN that left the firewall and that nobody answered',
      evidence({ 'store-small': ['data-unanswered'] }, { data: [packet()] }),
      'data-dropped',
      'store-small',
      null,
    ],
    [
      'the same to port 21',
      evidence({ connect: ['control-unanswered'] }, { control: [packet()] }),
      'control-dropped',
      'connect',
      null,
    ],
    [
      'a SYN of which no firewall knows',
      evidence({ 'store-small': ['data-unanswered'] }, { data: [] }),
      'inconclusive',
      'store-small',
      null,
    ],
    [
      'a SYN that did not leave the firewall, though no rule refused it',
      evidence({ 'store-small': ['data-unanswered'] }, { data: [packet({ fate: 'lost' })] }),
      'inconclusive',
      'store-small',
      null,
    ],
    [
      'a reset, the SYN not having passed: a firewall may have redirected it',
      evidence({ 'store-small': ['data-refused'] }, { data: [packet({ fate: 'local' })] }),
      'inconclusive',
      'store-small',
      null,
    ],
    [
      'PASV names another address, where nobody answers',
      evidence({ 'store-small': ['data-unanswered'] }, { destination: '10.0.0.9:4000', data: [packet()] }),
      'pasv-address-unroutable',
      'store-small',
      null,
    ],
    [
      'PASV names another address, and a rule drops what goes there',
      evidence({ 'store-small': ['data-unanswered'] }, { destination: '10.0.0.9:4000', data: drop }),
      'pasv-address-unroutable',
      'store-small',
      'isa-y',
    ],
    [
      'PASV names another address, which the client refuses',
      evidence({ 'store-small': ['address-refused-by-client'] }),
      'pasv-address-rejected-by-client',
      'store-small',
      null,
    ],
    [
      'STOR refused, but the trace has gaps: it may have been the filter',
      evidence({ 'store-small': ['command-refused', 500] }, { gaps: true }),
      'inconclusive',
      'store-small',
      null,
    ],
    ['other bytes on the server', evidence({}, { held: 'bb' }), 'content-mismatch', 'store-small', null],
    ['confirmed, but no file', evidence({}, { held: null }), 'content-mismatch', 'store-small', null],
  ];
  it.each(table)('%s', (_what, given, cause, failedAt, firewall) => {
    const verdict = judge(given);
    expect(verdict).toMatchObject({ cause, failedAt, firewall, uploaded: failedAt === null });
    expect(verdict.rule).toBe(firewall && 'Default rule');
    expect(verdict.packet === null).toBe(
      firewall === null || verdict.sentence.includes('the FTP access filter refuses'),
    );
  });

  it('says whether the upload is complete even if its reply was cut off', () => {
    const control = [packet(), refused('drop', { ...line, stray: true })];
    const cut = (held: string) => judge(evidence({ 'store-large': ['transfer-stalled'] }, { control, held }));
    expect(cut('aa').sentence).toContain('complete');
    // What counts as an upload is what the server confirmed.
    expect(cut('aa').uploaded).toBe(false);
  });

  it('names the packet that the FTP helper kept, and says what it did with it', () => {
    const control = [packet({ met: [helper] }), packet({ ...line, fate: 'lost' })];
    const { packet: kept, sentence } = judge(evidence({ 'store-small': ['control-closed'] }, { control }));
    expect(kept).toMatchObject({ source: line.source, destination: line.destination });
    expect(sentence).toContain('cannot read whole');
  });

  it('names the line that a host takes again and again, and never answers, as one that its own FTP helper keeps', () => {
    const met = [helper, { table: 'filter', chain: 'INPUT', rule: null, comment: null, verdict: 'accept' }];
    const taken = { ...line, met, firewall: 'vsftpd', fate: 'sent', again: true } as const;
    const given = [packet({ met: [helper] }), packet({ ...taken, ms: 1 }), packet({ ...taken, ms: 2 })];
    const verdictOf = (control: ConnectionPacket[]) =>
      judge(evidence({ 'store-small': ['control-closed'] }, { control }));
    expect(verdictOf(given)).toMatchObject({ cause: 'command-refused-by-firewall', firewall: 'vsftpd' });
    expect(verdictOf(given).sentence).toContain("on vsftpd's own firewall attaches drops a line");
    const answer = packet({ firewall: 'vsftpd', source: line.destination, destination: line.source, ms: 3 });
    expect(verdictOf([...given, answer]).cause).not.toBe('command-refused-by-firewall');
    expect(verdictOf(given.slice(0, 2)).cause).not.toBe('command-refused-by-firewall');
  });

  it('says what is on the server if something is, and only once', () => {
    const sentenceFor = (held: string | null) =>
      judge(evidence({ 'store-small': ['data-unanswered'] }, { data: drop, held })).sentence;
    expect(sentenceFor('bb')).toMatch(/\); vsftpd holds all 5 bytes\.$/);
    expect(sentenceFor(null)).not.toContain('holds');
    const other = judge(evidence({}, { held: 'bb' })).sentence;
    expect(other).not.toContain('vsftpd holds');
  });

  it('names in one sentence client, server, rule, firewall and packet', () => {
    const { sentence } = judge(evidence({ 'store-small': ['data-unanswered'] }, { data: drop }));
    for (const part of [
      'y-server',
      'vsftpd',
      'isa-y',
      'Default rule',
      '192.168.20.10:42344',
      '198.51.100.21:50089',
    ])
      expect(sentence).toContain(part);
  });
});
