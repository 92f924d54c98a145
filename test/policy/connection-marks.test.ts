import { expect, it } from 'vitest';
import { markConnections } from '../../lab/policy/connection-marks.ts';
import { readTables } from '../../lab/policy/iptables-save.ts';

const rules = (...lines: string[]) => ({
  tables: readTables(
    `*mangle\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n:FORWARD ACCEPT [0:0]\n${lines.join('\n')}\nCOMMIT\n`,
  ),
});
const marks = '-A FORWARD -p tcp -j CONNMARK --set-xmark 0x1/0xffffffff';

it.each([
  ['marks that a rule asks', rules(marks, '-A FORWARD -m connmark --mark 0x1 -j DROP'), [marks]],
  ['marks that are copied to packets', rules(marks, '-A FORWARD -j CONNMARK --restore-mark'), [marks]],
  ['marks that nothing asks', rules(marks), []],
  ['marks that nothing sets', rules('-A FORWARD -m connmark --mark 0x1 -j DROP'), []],
  ['marks for UDP', rules(marks.replace('tcp', 'udp'), '-A FORWARD -m connmark --mark 0x1 -j DROP'), []],
])('knows of %s', (_what, file, found) => {
  expect(markConnections(file)).toEqual(found);
});
