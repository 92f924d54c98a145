import { describe, expect, it } from 'vitest';
import type { TranscriptLine } from '../../lab/model/attempt.ts';
import type { CellResult } from '../../lab/model/cell.ts';
import type { ConnectionPacket, Evidence } from '../../lab/model/evidence.ts';
import { type Ladder, ladderOf } from '../../lab/report/ladder/ladder.ts';
import { explanation } from '../../lab/report/text/explanation.ts';
import { ladderColumns } from '../../lab/report/text/ladder-columns.ts';
import { ladderList } from '../../lab/report/text/ladder-list.ts';
import { replies } from '../../lab/report/text/replies.ts';
import { tracedPacket } from '../verdict/traced-packet.ts';

const client = '192.168.10.10';
const outside = '198.51.100.2';
const server = '192.168.20.10';
const line = (ms: number, from: TranscriptLine['from'], text: string): TranscriptLine => ({ ms, from, text });

function packet(
  firewall: ConnectionPacket['firewall'],
  ms: number,
  source: string,
  destination: string,
  change: Partial<ConnectionPacket> = {},
): ConnectionPacket {
  return tracedPacket({ firewall, ms, source, destination, ...change });
}

const drop = {
  fate: 'refused',
  decision: { action: 'drop', table: 'filter', chain: 'FORWARD', rule: 'Default rule' },
  met: [
    {
      table: 'filter',
      chain: 'FORWARD',
      rule: '-A FORWARD -m comment --comment "Default rule" -j DROP',
      comment: 'Default rule',
      verdict: 'drop',
    },
  ],
} as const;

/** From X behind NAT to the Y server: login works, and the data connection gets as far as isa-y. */
const evidence: Evidence = {
  startedAt: '2005-09-01T00:00:00.000Z',
  firewalls: ['isa-x', 'isa-y'],
  stepStarts: { connect: 0, login: 3, list: 10, 'store-small': 20 },
  transcript: [
    line(2.5, 'server', '220 ready'),
    line(3, 'client', 'USER upload'),
    line(4, 'server', '230-Hello'),
    line(4, 'server', ' more'),
    line(4, 'server', '230 in'),
    line(11, 'client', 'PASV'),
    line(12, 'server', '227 Entering Passive Mode (192,168,20,10,195,80).'),
    line(21, 'client', 'USER upload'),
    line(22, 'server', '230 in'),
    line(23, 'client', 'PASV'),
  ],
  connections: [
    {
      purpose: 'control',
      openedBy: 'client',
      step: 'connect',
      source: `${client}:4000`,
      destination: `${server}:21`,
      ms: 1,
      packets: [
        packet('isa-x', 5, `${client}:4000`, `${server}:21`, {
          translated: { source: `${outside}:4000`, destination: `${server}:21` },
        }),
        packet('isa-y', 6, `${outside}:4000`, `${server}:21`),
        packet('isa-y', 7, `${server}:21`, `${outside}:4000`, { flags: 'SYN ACK' }),
        packet('isa-x', 7, `${server}:21`, `${outside}:4000`, { flags: 'SYN ACK' }),
      ],
    },
    {
      purpose: 'data',
      openedBy: 'client',
      step: 'list',
      source: `${client}:4001`,
      destination: `${server}:50000`,
      ms: 12.5,
      packets: [
        packet('isa-x', 16, `${client}:4001`, `${server}:50000`),
        packet('isa-y', 17, `${client}:4001`, `${server}:50000`, drop),
        packet('isa-x', 1016, `${client}:4001`, `${server}:50000`),
        packet('isa-y', 1017, `${client}:4001`, `${server}:50000`, drop),
      ],
    },
    {
      purpose: 'control',
      openedBy: 'client',
      step: 'store-small',
      source: `${client}:4002`,
      destination: `${server}:21`,
      ms: 20.5,
      packets: [
        packet('isa-x', 22, `${client}:4002`, `${server}:21`),
        packet('isa-y', 22, `${client}:4002`, `${server}:21`),
      ],
    },
  ],
  traceComplete: true,
  files: {},
};
const step = (
  name: CellResult['steps'][number]['name'],
  outcome: 'ok' | 'failed' | 'skipped',
  reply = '',
) => ({
  name,
  outcome,
  reply,
  ms: 1,
});
const cell: CellResult & { readonly evidence: Evidence } = {
  id: 'x/x-workstation/y-server/pasv',
  ruleSet: 'x',
  client: 'x-workstation',
  server: 'y-server',
  mode: 'pasv',
  driver: 'basic-ftp',
  tls: false,
  steps: [
    step('connect', 'ok'),
    step('login', 'ok'),
    step('list', 'failed', 'no answer'),
    step('store-small', 'failed', 'closed'),
    step('retrieve', 'skipped'),
  ],
  verdict: {
    uploaded: false,
    failedAt: 'store-small',
    cause: 'data-dropped',
    firewall: 'isa-y',
    rule: 'Default rule',
    packet: { protocol: 'tcp', source: `${client}:4001`, destination: `${server}:50000` },
    sentence: 'isa-y dropped it.',
  },
  expected: null,
  asExpected: null,
  evidence,
  ms: 1,
};
const ladder: Ladder = ladderOf(cell, {});
const rungs = (name: string) => ladder.steps.find((each) => each.name === name)?.rungs ?? [];

describe('ladderOf', () => {
  it('has a column for each host on the path, with its address if known', () => {
    expect(ladder.columns).toEqual([
      { name: 'x-workstation', address: client },
      { name: 'isa-x', address: null },
      { name: 'isa-y', address: null },
      { name: 'y-server', address: server },
    ]);
    expect(ladder.steps.map(({ name }) => name)).toEqual(['connect', 'login', 'list', 'store-small']);
  });

  it('shows a packet once across both firewalls, with the action of each', () => {
    const [syn, answer, greeting] = rungs('connect');
    expect(syn).toMatchObject({ text: 'SYN :4000 > :21', from: 0, end: 3, outcome: 'arrived' });
    expect(syn?.notes).toEqual([
      { column: 1, text: 'ALLOW: FTP', tone: 'allow' },
      { column: 1, text: `NAT: ${outside}:4000 > ${server}:21`, tone: 'plain' },
      { column: 2, text: 'ALLOW: FTP', tone: 'allow' },
    ]);
    expect(answer).toMatchObject({
      text: `SYN ACK :21 > ${outside}:4000`,
      from: 3,
      end: 0,
      outcome: 'arrived',
    });
    expect(greeting).toMatchObject({ kind: 'line', text: '220 ready' });
  });

  it('ends a packet at the firewall that refused it, with the rule, and counts repeats', () => {
    const [, , syn] = rungs('list');
    expect(syn).toMatchObject({ text: 'SYN :4001 > :50000', from: 0, end: 2, outcome: 'stopped', times: 2 });
    expect(syn?.notes).toContainEqual({ column: 2, text: 'DROP: Default rule', tone: 'deny' });
  });

  it('never goes back in time, although the trace reports late', () => {
    const times = ladder.steps.flatMap(({ rungs: all }) => all.map(({ ms }) => ms));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('shows a repeated login in one line', () => {
    expect(rungs('store-small').map(({ text }) => text)).toEqual([
      'SYN :4002 > :21, and logs in again (2 lines)',
      'PASV',
    ]);
  });
});

it('shortens a multi-line reply to one line', () => {
  expect(replies(evidence.transcript.slice(0, 5)).map(({ text }) => text)).toEqual([
    '220 ready',
    'USER upload',
    '230-Hello (2 more lines)',
  ]);
  expect(
    replies([line(1, 'server', '230-Hello'), line(2, 'server', ' more')]).map(({ text }) => text),
  ).toEqual(['230-Hello']);
});

describe('drawn', () => {
  it('in columns: hosts, time, direction, where it ended, and why', () => {
    expect(ladderColumns(ladder, { width: 106, color: false })).toMatchInlineSnapshot(`
      "     ms  x-workstation                 isa-x                           isa-y                      y-server
               192.168.10.10                                                                       192.168.20.10
               |                               |                               |                               |
               | connect                       |                               |                               |
          1.0  |-- SYN :4000 > :21 ------------+-------------------------------+------------------------------>|
               |                               | ALLOW: FTP                    | ALLOW: FTP                    |
               |                               | NAT: 198.51.100.2:4000 >      |                               |
               |                               | 192.168.20.10:21              |                               |
          2.5  |<------------------------------+---------------------------- SYN ACK :21 > 198.51.100.2:4000 --|
          2.5  |<------------------------------+-------------------------------+------------------ 220 ready --|
               |                               |                               |                               |
               | login                         |                               |                               |
          3.0  |-- USER upload ----------------+-------------------------------+------------------------------>|
          4.0  |<------------------------------+-------------------------------+--- 230-Hello (2 more lines) --|
               |                               |                               |                               |
               | list: failed: no answer       |                               |                               |
         11.0  |-- PASV -----------------------+-------------------------------+------------------------------>|
         12.0  |<------------------------------+---------- 227 Entering Passive Mode (192,168,20,10,195,80). --|
         12.5  |-- SYN :4001 > :50000 (2 times) -------------------------------X DROP: Default rule            |
               |                               | ALLOW: FTP                    |                               |
               |                               |                               |                               |
               | store-small: failed: closed   |                               |                               |
         20.5  |-- SYN :4002 > :21, and logs in again (2 lines) ---------------+------------------------------>|
         23.0  |-- PASV -----------------------+-------------------------------+------------------------------>|"
    `);
  });

  it('in columns, in Unicode', () => {
    const rows = ladderColumns(ladder, { width: 106, color: false, unicode: true }).split('\n');
    expect(rows.find((row) => row.includes(':4001'))).toMatchInlineSnapshot(
      `"   12.5  │── SYN :4001 > :50000 (2 times) ───────────────────────────────╳ DROP: Default rule            │"`,
    );
  });

  it('as a list', () => {
    expect(ladderList(ladder, { width: 60, color: false })).toMatchInlineSnapshot(`
      "x-workstation 192.168.10.10 to y-server 192.168.20.10,
        through isa-x and isa-y
      connect
          1.0  -> SYN :4000 > :21
                  isa-x: ALLOW: FTP
                  isa-x: NAT: 198.51.100.2:4000 > 192.168.20.10:21
                  isa-y: ALLOW: FTP
          2.5  <- SYN ACK :21 > 198.51.100.2:4000
          2.5  <- 220 ready
      login
          3.0  -> USER upload
          4.0  <- 230-Hello (2 more lines)
      list: failed: no answer
         11.0  -> PASV
         12.0  <- 227 Entering Passive Mode
                  (192,168,20,10,195,80).
         12.5  -X SYN :4001 > :50000 (2 times)
                  isa-x: ALLOW: FTP
                  isa-y: DROP: Default rule
      store-small: failed: closed
         20.5  -> SYN :4002 > :21, and logs in again (2 lines)
         23.0  -> PASV"
    `);
  });

  it.each([60, 61, 79, 80, 105, 106, 120, 200])('within %i columns', (width) => {
    const rows = explanation(cell, { width, color: false }).split('\n');
    expect(rows.filter((row) => row.length > width)).toEqual([]);
    expect(rows.join('\n')).toContain('isa-y dropped it.');
    expect(rows.join(' ').replaceAll(/\s+/g, ' ')).toContain('-m comment --comment "Default rule" -j DROP');
  });

  it('with the same text if colour is off', () => {
    const coloured = explanation(cell, { width: 120, color: true });
    expect(coloured).not.toBe(explanation(cell, { width: 120, color: false }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape codes of colours
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(explanation(cell, { width: 120, color: false }));
  });
});
