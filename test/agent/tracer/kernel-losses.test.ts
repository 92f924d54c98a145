import { expect, it } from 'vitest';
import { lossCounters, movedReasons } from '../../../lab/agent/tracer/kernel-losses.ts';

/** Files of /proc/net, as Linux 6.18 prints them, shortened. */
const proc = (filtered: number, noRoutes: number, misaddressed: number, dropped: string) => (file: string) =>
  ({
    netstat: `TcpExt: SyncookiesSent IPReversePathFilter TCPHPHits\nTcpExt: 3 ${filtered} 9\nIpExt: InNoRoutes InOctets\nIpExt: ${noRoutes} 77\n`,
    snmp: `Ip: Forwarding InAddrErrors\nIp: 1 ${misaddressed}\nIcmp: InMsgs\nIcmp: 4\n`,
    'stat/nf_conntrack': `entries  clashres drop early_drop\n000004c9  00000000 ${dropped} 00000000\n000004c9  00000000 00000001 00000000\n`,
  })[file] ?? '';

const before = lossCounters(proc(2, 0, 0, '0000000f'));

it.each([
  ['nothing', proc(2, 0, 0, '0000000f'), []],
  ['the reverse-path filter', proc(3, 0, 0, '0000000f'), ['reverse-path-filter']],
  ['a missing route', proc(2, 1, 0, '0000000f'), ['no-route']],
  ['forwarding that is off', proc(2, 0, 1, '0000000f'), ['not-forwarding']],
  ['a full table, of one of two CPUs', proc(2, 0, 0, '00000010'), ['table-full']],
  ['two of them', proc(3, 1, 0, '0000000f'), ['reverse-path-filter', 'no-route']],
])('tells %s from the counters', (_what, read, reasons) => {
  expect(movedReasons(before, lossCounters(read))).toEqual(reasons);
});

it('leaves out counters that a kernel does not have', () => {
  expect(lossCounters(() => '').size).toBe(0);
});
