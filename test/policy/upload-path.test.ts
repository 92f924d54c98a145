import { expect, it } from 'vitest';
import { readTables } from '../../lab/policy/iptables-save.ts';
import { metByUploads } from '../../lab/policy/upload-path.ts';

const tables = readTables(
  [
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT',
    '-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT',
    '-A OUTPUT -p tcp -m tcp --sport 21 -j ACCEPT',
    'COMMIT',
    '*raw',
    '-A OUTPUT -p tcp -m tcp --dport 21 -j CT --helper ftp',
    'COMMIT',
  ].join('\n'),
);

it.each([
  ['a gateway forwards them', ['inside', 'outside'], false, ['FORWARD']],
  ['a host takes and sends them', ['eth0'], true, ['INPUT', 'OUTPUT', 'OUTPUT']],
])('uploads meet the rules of these chains: %s', (_what, interfaces, onHost, chains) => {
  expect([...metByUploads(tables, interfaces, onHost)].map(({ chain }) => chain)).toEqual(chains);
});
