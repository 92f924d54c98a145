/** What rules let through over IPv6: written down by reading the rules, then measured. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeasureOptions } from '../../lab/exposure/measure.ts';
import { type Lab, scenarios, startLab } from '../../lab/index.ts';
import { type Exposure, openByLine, rangesText } from '../../lab/model/exposure.ts';
import { addressOf } from '../../lab/network/address-plan.ts';
import { savedRules } from '../../lab/policy/compile.ts';
import {
  allow,
  computer,
  external,
  ftpControl,
  internal,
  outbound,
  protocol,
  route,
  ruleSet,
  tcpRange,
} from '../../lab/policy/dsl.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'it-exposure-ipv6' });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

async function measured(
  rules: Parameters<Lab['load']>[0] | string,
  only?: MeasureOptions['only'],
): Promise<Exposure> {
  const found = typeof rules === 'string' ? scenarios.find(({ name }) => name === rules)?.ruleSet : rules;
  if (!found) throw new Error(`${String(rules)} is not shipped`);
  await lab.load(found);
  return lab.measureExposure({ ipv6: true, ...(only && { only }) });
}

/** The open ports of each line over IPv6. */
const over6 = ({ lines }: Exposure) =>
  Object.fromEntries(
    [...openByLine(lines.filter(({ ipv6 }) => ipv6)).values()].map(({ line: { from, to }, open }) => [
      `${from} to ${to}`,
      rangesText(open),
    ]),
  );

const paths = [
  'x-workstation to y-server',
  'x-workstation to vsftpd',
  'y-server to x-workstation',
  'y-server to vsftpd',
  'vsftpd to x-workstation',
  'vsftpd to y-server',
];
const own = ['vsftpd to isa-x', 'vsftpd to isa-y'];
const each = (names: readonly string[], open: string) =>
  Object.fromEntries(names.map((name) => [name, open]));

/** The ends that "packet too big" reaches, by line. */
const reached = ({ packetTooBig = [] }: Exposure) =>
  Object.fromEntries(
    packetTooBig.map(({ client, server, reachesClient, reachesServer }) => [
      `${client} to ${server}`,
      [reachesClient, reachesServer],
    ]),
  );

it('all-open: every port between networks, none of the firewall, and every error', async () => {
  const exposure = await measured('all-open', 'isa-y');
  const open = ['y-server to vsftpd', 'vsftpd to y-server'];
  expect(over6(exposure)).toEqual({ ...each(open, '1-65535'), 'vsftpd to isa-y': 'none' });
  expect(reached(exposure)).toEqual(Object.fromEntries(open.map((path) => [path, [true, true]])));
  const sums = { ports: 2 * 65535, inbound: 65535 };
  expect(exposure.summary).toMatchObject({ ...sums, ipv6: sums });
});

it.each(['all-closed', 'as-reported'])('%s: no port, of the firewalls neither', async (name) => {
  const exposure = await measured(name, 'isa-y');
  expect(over6(exposure)).toEqual({
    'y-server to vsftpd': 'none',
    'vsftpd to y-server': 'none',
    'vsftpd to isa-y': 'none',
  });
  expect(exposure.packetTooBig).toEqual([]);
});

it('a rule set about both: the same ports by both, and each host that its rules tell apart', async () => {
  const range = protocol('Range', { primary: [outbound(tcpRange(1025, 1030))] });
  const both = {
    networkRule: route(),
    accessRules: [
      allow('FTP', { protocols: [ftpControl], from: [internal], to: [external] }),
      allow('Range', { protocols: [range], from: [internal], to: [computer('proftpd')] }),
    ],
  };
  const rules = ruleSet({ name: 'range', description: 'A range to one server.', both, ipv6: true });
  const exposure = await measured(rules, 'isa-y');
  expect(over6(exposure)).toEqual({
    'y-server to vsftpd': '21',
    'y-server to proftpd': '21, 1025-1030',
    'vsftpd to y-server': 'none',
    'vsftpd to isa-y': 'none',
  });
  expect(exposure.summary).toMatchObject({ ports: 8, inbound: 0, ipv6: { ports: 8, inbound: 0 } });
  expect(reached(exposure)).toEqual({
    'y-server to vsftpd': [true, true],
    'y-server to proftpd': [true, true],
  });
});

describe('packet too big', () => {
  it('does not cross a firewall that drops ICMPv6', async () => {
    const exposure = await measured('ipv6-packet-too-big');
    expect(over6(exposure)).toEqual(each([...paths, ...own], '1-65535'));
    expect(reached(exposure)).toEqual(
      Object.fromEntries(paths.map((path) => [path, path.includes('x-') ? [false, false] : [true, true]])),
    );
  });

  it('gets through in the direction that a rule lets it pass', async () => {
    const iptables6 = [
      '*filter',
      ':INPUT DROP [0:0]',
      ':FORWARD DROP [0:0]',
      '-A INPUT -p ipv6-icmp -j ACCEPT',
      '-A INPUT -p tcp --dport 22 -j ACCEPT',
      '-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT',
      '-A FORWARD -i outside -p ipv6-icmp -m icmp6 --icmpv6-type packet-too-big -j ACCEPT',
      `-A FORWARD -i inside -d ${addressOf(lab.plan, 'proftpd', 'ipv6')} -p tcp --dport 8000:8010 -j ACCEPT`,
      'COMMIT',
    ];
    const text = '*filter\n:FORWARD DROP [0:0]\nCOMMIT\n';
    const rules = savedRules('files', 'isa-y', text, '', `${iptables6.join('\n')}\n`);
    const exposure = await measured(rules, 'isa-y');
    expect(over6(exposure)).toEqual({
      'y-server to vsftpd': 'none',
      'y-server to proftpd': '8000-8010',
      'vsftpd to y-server': 'none',
      'vsftpd to isa-y': '22',
    });
    expect(reached(exposure)).toEqual({ 'y-server to proftpd': [true, false] });
  });

  it('finds a client behind NAT66, and the FTP filter opens what EPRT and EPSV need', async () => {
    const exposure = await measured('ipv6-nat', 'isa-y');
    expect(over6(exposure)).toEqual({
      'y-server to vsftpd': '21',
      'vsftpd to y-server': 'none',
      'vsftpd to isa-y': 'none',
    });
    expect(reached(exposure)).toEqual({ 'y-server to vsftpd': [true, true] });
    const holes = exposure.pinholes.filter(
      ({ ipv6, firewall, outcome }) => ipv6 && firewall === 'isa-y' && outcome !== 'closed',
    );
    expect(holes.map(({ command, names, port, outcome }) => [command, names, port, outcome])).toEqual([
      ['EPRT', 'itself', 'high', 'opens'],
      ['229', 'itself', 'high', 'opens'],
    ]);
  });
});

it('a file that says nothing of IPv6: all of it passes, while by IPv4 one port does', async () => {
  const text = [
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    '-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT',
    '-A FORWARD -i inside -p tcp --dport 21 -j ACCEPT',
    'COMMIT',
  ];
  const exposure = await measured(savedRules('file', 'isa-y', `${text.join('\n')}\n`), 'isa-y');
  expect(over6(exposure)).toEqual({
    'y-server to vsftpd': '1-65535',
    'vsftpd to y-server': '1-65535',
    'vsftpd to isa-y': '1-65535',
  });
  expect(exposure.summary).toMatchObject({
    ports: 1,
    inbound: 0,
    ipv6: { ports: 3 * 65535, inbound: 2 * 65535 },
  });
});
