/**
 * Compares the lab's exposure with nmap's results from the same place, and checks what the lab reports if probes get
 * lost.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { readEngineOutput } from '../../lab/engine/docker/images/engine-output.ts';
import { runExec } from '../../lab/engine/docker/streams.ts';
import { type Lab, scenarios, startLab } from '../../lab/index.ts';
import type { Exposure } from '../../lab/model/exposure.ts';
import { abuses, isLegitimate } from '../../lab/model/pinhole.ts';
import { addressOf } from '../../lab/network/address-plan.ts';
import { savedRules } from '../../lab/policy/compile.ts';
import { imageTag } from '../../lab/stack/images.ts';
import { dockerName, labels } from '../../lab/stack/labels.ts';
import { aptInstall } from '../apt-install.ts';

const name = 'it-exposure';
const nmapImage = 'isa-ftp-lab/test-nmap:latest';

let daemon: Daemon;
let lab: Lab;
beforeAll(async () => {
  daemon = await findDaemon();
  await buildNmap();
  lab = await startLab({ name });
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await daemon?.docker.getImage(nmapImage).remove({ force: true });
});

async function buildNmap(): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'ftplab-nmap-'));
  try {
    await writeFile(join(context, 'Dockerfile'), `FROM ${imageTag('client')}\n${aptInstall('nmap')}`);
    const built = await daemon.docker.buildImage(
      { context, src: ['Dockerfile'] },
      { t: nmapImage, networkmode: 'host', labels: { 'isa-ftp-lab': 'image' } },
    );
    const { lines, error } = await readEngineOutput(built, () => undefined);
    if (error !== null) throw new Error([...lines, error].join('\n'));
  } finally {
    await rm(context, { recursive: true });
  }
}

/** The ports at the edges of every range that a shipped rule set opens, and some inside them. */
const sample = [
  20, 21, 22, 80, 700, 1023, 1024, 1025, 3000, 5000, 5001, 32767, 32768, 45000, 49999, 50000, 50100, 50101,
  60999, 61000, 65535,
];

/** The ports of the sample that nmap does not call filtered, scanned from inside a lab host's network namespace. */
async function nmap(
  from: 'y-server' | 'vsftpd',
  to: 'y-server' | 'vsftpd' | 'proftpd',
  sourcePort: number,
): Promise<number[]> {
  const container = await daemon.docker.createContainer({
    Image: nmapImage,
    Entrypoint: ['sleep', 'infinity'],
    Labels: { [labels.lab]: name },
    HostConfig: { NetworkMode: `container:${dockerName(name, from)}`, CapAdd: ['NET_RAW'], Init: true },
  });
  try {
    await container.start();
    const command = [
      'nmap',
      '-sS',
      '-n',
      '-Pn',
      '--disable-arp-ping',
      '--max-rtt-timeout',
      '200ms',
      '--max-retries',
      '2',
      '-oG',
      '-',
      '-v',
    ];
    const { stdout, stderr, code } = await runExec(daemon, container.id, [
      ...command,
      ...['-g', String(sourcePort), '-p', sample.join(','), addressOf(lab.plan, to)],
    ]);
    if (code !== 0) throw new Error(`nmap ended with ${code}: ${stderr}`);
    return [...stdout.matchAll(/(\d+)\/(?:open|closed)\/tcp/g)]
      .map(([, port]) => Number(port))
      .sort((a, b) => a - b);
  } finally {
    await container.remove({ force: true });
  }
}

const known = new Map<string, Promise<Exposure>>();

/** The exposure of a shipped rule set or of custom rules, measured once. */
function exposureUnder(ruleSet: string, rules?: Parameters<Lab['load']>[0]): Promise<Exposure> {
  const exposure =
    known.get(ruleSet) ?? (rules ? lab.load(rules) : load(ruleSet)).then(() => lab.measureExposure());
  known.set(ruleSet, exposure);
  return exposure;
}

function load(ruleSet: string): Promise<number> {
  const found = scenarios.find((scenario) => scenario.name === ruleSet);
  if (!found) throw new Error(`${ruleSet} is not shipped`);
  return lab.load(found.ruleSet);
}

function openIn({ lines }: Exposure, from: string, to: string, sourcePort: number): number[] {
  const own = lines.filter((each) => each.from === from && each.to === to);
  // Rules that do not look at source ports are measured from one.
  const line = own.find((each) => each.sourcePort === sourcePort) ?? (own.length === 1 ? own[0] : undefined);
  if (!line) throw new Error(`${from} to ${to} was not probed`);
  return sample.filter((port) => line.open.some(([first, last]) => first <= port && port <= last));
}

describe('what nmap confirms', () => {
  it.each([
    [
      'ftp-filter',
      [
        ['y-server', 'vsftpd', 40000],
        ['y-server', 'vsftpd', 20],
      ],
    ],
    [
      'high-ports-outbound',
      [
        ['y-server', 'vsftpd', 40000],
        ['vsftpd', 'y-server', 40000],
      ],
    ],
    [
      'server-range-outbound',
      [
        ['y-server', 'vsftpd', 40000],
        ['y-server', 'proftpd', 40000],
      ],
    ],
    [
      'source-port-20-inbound',
      [
        ['vsftpd', 'y-server', 20],
        ['vsftpd', 'y-server', 40000],
      ],
    ],
  ] as const)('%s', async (ruleSet, ways) => {
    const exposure = await exposureUnder(ruleSet);
    await load(ruleSet);
    for (const [from, to, sourcePort] of ways) {
      const found = openIn(exposure, from, to, sourcePort);
      expect({ from, to, sourcePort, found }).toEqual({
        from,
        to,
        sourcePort,
        found: await nmap(from, to, sourcePort),
      });
    }
  });
});

describe('the sums', () => {
  it.each([
    ['ftp-filter', 2, 0],
    ['high-ports-outbound', 2 * 64513, 0],
    ['source-port-20-inbound', 2 + 2 * 64512, 2 * 64512],
  ])('of %s', async (ruleSet, ports, inbound) => {
    expect((await exposureUnder(ruleSet)).summary).toMatchObject({ ports, inbound });
  });
});

describe('the FTP filter', () => {
  it.each(['ftp-filter', 'nat-ftp-filter'])(
    'of %s opens what a transfer needs and nothing else',
    async (ruleSet) => {
      const { pinholes } = await exposureUnder(ruleSet);
      expect(pinholes.filter(isLegitimate).map(({ outcome }) => outcome)).toEqual(Array(8).fill('opens'));
      expect(abuses(pinholes)).toEqual([]);
      expect(
        pinholes.filter((test) => !isLegitimate(test)).every(({ outcome }) => outcome === 'closed'),
      ).toBe(true);
    },
  );

  it('shows that it can be abused if low ports are let through', async () => {
    const { pinholes } = await exposureUnder('own', ownRules());
    expect(
      abuses(pinholes).map(({ firewall, command, names, port }) => [firewall, command, names, port]),
    ).toEqual(['PORT', 'EPRT', '227', '229'].map((command) => ['isa-y', command, 'itself', 'low']));
  });
});

/** Rules for isa-y with the kernel's FTP helper for any port, and with destination NAT; nothing passes isa-x. */
function ownRules() {
  const text = [
    '*raw',
    '-A PREROUTING -p tcp --dport 21 -j CT --helper ftp',
    'COMMIT',
    '*nat',
    '-A PREROUTING -i outside -p tcp --dport 2222 -j DNAT --to-destination :22',
    `-A PREROUTING -d ${addressOf(lab.plan, 'isa-y')} -p tcp --dport 8080 -j DNAT --to-destination ${addressOf(lab.plan, 'y-server')}`,
    'COMMIT',
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    '-A INPUT -p tcp --dport 443 -j ACCEPT',
    '-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT',
    '-A FORWARD -i inside -p tcp --dport 21 -j ACCEPT',
    '-A FORWARD -i outside -p tcp -m multiport --dports 22,8080 -m conntrack --ctstate DNAT -j ACCEPT',
    '-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT',
    'COMMIT',
  ];
  return savedRules('own', 'isa-y', `${text.join('\n')}\n`);
}

describe('the lines', () => {
  it('end at the target of destination NAT, and at the firewall itself', async () => {
    const { lines } = await exposureUnder('own', ownRules());
    const line = (to: string) => lines.find((each) => each.from === 'vsftpd' && each.to === to);
    expect(line('isa-y')).toMatchObject({
      open: [
        [443, 443],
        [8080, 8080],
      ],
      arrivedAt: ['y-server', 'isa-y'],
    });
    expect(line('y-server')).toMatchObject({ open: [[2222, 2222]], arrivedAt: ['y-server'] });
  });
});

describe('a lost probe', () => {
  const onFirewall = (command: string) => runExec(daemon, dockerName(name, 'isa-y'), ['nft', command]);

  it('is never a closed port', async () => {
    await load('high-ports-outbound');
    const lossy =
      'table netdev lossy { chain in { type filter hook ingress device inside priority 0 ; tcp window 427 numgen random mod 1000 == 0 drop ; } ; }';
    expect(await onFirewall(lossy)).toMatchObject({ code: 0 });
    try {
      await expect(lab.measureExposure()).rejects.toMatchObject({ kind: 'environment', code: 'probes-lost' });
    } finally {
      await onFirewall('delete table netdev lossy');
    }
  });

  it('is sent again', async () => {
    const once =
      'table netdev lossy { chain in { type filter hook ingress device inside priority 0 ; tcp window 427 tcp dport 5000 limit rate 1/day burst 1 packets drop ; } ; }';
    expect(await onFirewall(once)).toMatchObject({ code: 0 });
    try {
      expect((await lab.measureExposure()).summary.ports).toBe(2 * 64513);
    } finally {
      await onFirewall('delete table netdev lossy');
    }
  });

  it('leaves nothing on the firewalls', async () => {
    const { stdout } = await onFirewall('list tables');
    expect(stdout).not.toMatch(/exposure|lossy/);
  });
});
