import { describe, expect, it } from 'vitest';
import type { ConnectionEvidence, ConnectionPacket } from '../../../lab/model/evidence.ts';
import { withRules } from '../../../lab/policy/fix/edit-rules.ts';
import { inIptables, iptablesGround } from '../../../lab/policy/fix/in-iptables.ts';
import { type FailedUpload, repairsFor } from '../../../lab/policy/fix/repairs.ts';
import { readSavedFile } from '../../../lab/policy/iptables-save.ts';

const [client, server] = ['10.0.0.1', '192.0.2.7'];

/** A file, the rules by which a SYN of the control connection passed, and those by which one of a data connection was refused. */
interface Case {
  readonly file: string;
  readonly passed: readonly string[];
  readonly refused: readonly string[];
}

/** The rules that a packet met: each jumps to the next one's chain; a policy is written `policy FORWARD`. */
function met(lines: readonly string[]): ConnectionPacket['met'] {
  return lines.map((line) => {
    const [, chain = '', target = ''] = /^-A (\S+) .*-[jg] (\S+)/.exec(line) ?? [];
    const jumps = !/^(?:ACCEPT|DROP|REJECT|LOG|CT)$/.test(target);
    const policy = /^policy (\S+)/.exec(line)?.[1];
    const verdict = target === 'ACCEPT' ? 'accept' : jumps ? `jump ${target}` : 'drop';
    return {
      table: line.includes('PREROUTING') ? 'raw' : 'filter',
      chain: policy ?? chain,
      rule: policy ? null : line,
      comment: null,
      verdict: target === 'LOG' || target === 'CT' ? 'continue' : policy ? 'drop' : verdict,
    };
  });
}

function packet(lines: readonly string[], fate: 'sent' | 'refused', destination: string): ConnectionPacket {
  const all = met(lines);
  const last = all.at(-1);
  return {
    source: `${client}:40000`,
    destination,
    at: '2005-09-12T08:00:00.000Z',
    protocol: 'tcp',
    flags: 'SYN',
    unreachable: null,
    translated: null,
    stray: false,
    met: all,
    fate,
    decision: {
      action: fate === 'sent' ? 'accept' : 'drop',
      table: 'filter',
      chain: last?.chain ?? '',
      rule: lines.at(-1) ?? '',
    },
    firewall: 'isa-y',
    ms: 0,
  };
}

function upload({ file, passed, refused }: Case, rest: Partial<FailedUpload> = {}): FailedUpload {
  const { tables } = readSavedFile(file);
  const data = packet(refused, 'refused', `${server}:50000`);
  const connection = {
    purpose: 'data',
    openedBy: 'client',
    source: `${client}:40000`,
    destination: `${server}:50000`,
    packets: [data],
  } as unknown as ConnectionEvidence;
  return {
    ground: iptablesGround(tables, ({ chain, rule }) =>
      tables.flatMap(({ rules }) => rules).find((one) => one.chain === chain && one.text === rule),
    ),
    client,
    server,
    published: null,
    entrance: 'PREROUTING',
    port: 21,
    range: [50000, 50100],
    tls: false,
    control: [packet(passed, 'sent', `${server}:21`)],
    refused: { connection, packet: data },
    ...rest,
  };
}

const helper = '-A PREROUTING -p tcp --dport 21 -j CT --helper ftp';
const one: Case = {
  file: `*filter
:FORWARD DROP [0:0]
:LOGDROP - [0:0]
-A FORWARD -p tcp --dport 21 -j ACCEPT
-A FORWARD -p tcp --dport 80 -j ACCEPT
-A FORWARD -j LOG
-A FORWARD -j LOGDROP
-A LOGDROP -j DROP
COMMIT
`,
  passed: [helper, '-A FORWARD -p tcp --dport 21 -j ACCEPT'],
  refused: ['-A FORWARD -j LOG', '-A FORWARD -j LOGDROP', '-A LOGDROP -j DROP'],
};
const early: Case = {
  ...one,
  file: one.file.replace(
    ':LOGDROP - [0:0]\n',
    ':LOGDROP - [0:0]\n-A FORWARD -p tcp --dport 1024:65535 -j LOGDROP\n',
  ),
  refused: ['-A FORWARD -p tcp --dport 1024:65535 -j LOGDROP', '-A LOGDROP -j DROP'],
};
const zones: Case = {
  file: `*filter
:FORWARD DROP [0:0]
:loc-net - [0:0]
:ok - [0:0]
:reject - [0:0]
-A FORWARD -i eth1 -j loc-net
-A loc-net -p tcp --dport 21 -j ok
-A loc-net -j LOG
-A loc-net -j reject
-A ok -j ACCEPT
-A reject -j REJECT
COMMIT
`,
  passed: [helper, '-A FORWARD -i eth1 -j loc-net', '-A loc-net -p tcp --dport 21 -j ok', '-A ok -j ACCEPT'],
  refused: [
    '-A FORWARD -i eth1 -j loc-net',
    '-A loc-net -j LOG',
    '-A loc-net -j reject',
    '-A reject -j REJECT',
  ],
};

/** The lines of a file after a repair: the one before the new line, and the new line's chain. */
function lineBefore(subject: Case, control = subject.passed): string[] {
  const failed = upload({ ...subject, passed: control });
  const repairs = repairsFor(failed, 'helper') ?? [];
  const text = withRules(readSavedFile(subject.file), repairs.map(inIptables));
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.includes('--ctstate RELATED'));
  return [lines[at - 1] ?? '', /-A (\S+)/.exec(lines[at] ?? '')?.[1] ?? 'none'];
}

describe('where a new rule goes', () => {
  it.each<[string, Case, string[], string[]?]>([
    [
      'beside the rule that let the control connection pass',
      one,
      ['-A FORWARD -p tcp --dport 21 -j ACCEPT', 'FORWARD'],
    ],
    [
      'in its own chain, not in one that accepts for all',
      zones,
      ['-A loc-net -p tcp --dport 21 -j ok', 'loc-net'],
    ],
    ['in front of the rule that refuses, if that stands first', early, [':LOGDROP - [0:0]', 'FORWARD']],
    [
      'in front of the logging, in the chain that lets anything pass',
      zones,
      ['-A loc-net -p tcp --dport 21 -j ok', 'loc-net'],
      [helper, 'policy FORWARD'],
    ],
    [
      'in front of the logging of FORWARD',
      one,
      ['-A FORWARD -p tcp --dport 80 -j ACCEPT', 'FORWARD'],
      [helper],
    ],
  ])('%s', (_what, subject, expected, control) => {
    expect(lineBefore(subject, control)).toEqual(expected);
  });
});

describe('what a new rule says', () => {
  const rulesOf = (failed: FailedUpload, strategy: 'helper' | 'range') =>
    repairsFor(failed, strategy)
      ?.map(inIptables)
      .map(({ table, rule }) => `${table}: ${rule}`);

  it('attaches the helper first, on the port that is used', () => {
    const failed = upload({ ...one, passed: one.passed.slice(1) }, { port: 2121 });
    expect(rulesOf(failed, 'helper')).toEqual([
      `raw: -s ${client}/32 -d ${server}/32 -p tcp -m tcp --dport 2121 -j CT --helper ftp`,
    ]);
  });

  it('attaches the helper if no firewall refused anything: behind NAT it rewrites PORT', () => {
    const failed = upload({ ...one, passed: one.passed.slice(1) }, { refused: null });
    expect(repairsFor(failed, 'helper')).toHaveLength(1);
    expect(repairsFor(failed, 'range')).toBeUndefined();
  });

  it("opens the server's range to that server, and has no helper for an encrypted session", () => {
    const failed = upload(one, { tls: true });
    expect(repairsFor(failed, 'helper')).toBeUndefined();
    expect(rulesOf(failed, 'range')).toEqual([
      `filter: -s ${client}/32 -d ${server}/32 -p tcp -m tcp --dport 50000:50100 -m conntrack --ctstate NEW -j ACCEPT`,
    ]);
  });

  it('asks for no state where nothing is tracked', () => {
    const untracked = '-A PREROUTING -j CT --notrack';
    const failed = upload({
      ...one,
      passed: [untracked, ...one.passed.slice(1)],
      refused: [untracked, ...one.refused],
    });
    expect(repairsFor(failed, 'helper')).toBeUndefined();
    expect(rulesOf(failed, 'range')?.[0]).toMatch(/--dport 50000:50100 -j ACCEPT$/);
  });

  it('lifts no rule that refuses by what a packet says', () => {
    const readOnly = '-A FORWARD -p tcp -m string --string STOR --algo bm -j DROP';
    const failed = upload({
      file: one.file.replace('-A FORWARD -j LOG\n', `${readOnly}\n`),
      passed: one.passed,
      refused: [readOnly],
    });
    expect(repairsFor(failed, 'range')).toBeUndefined();
    expect(repairsFor(failed, 'helper')).toBeUndefined();
  });
});
