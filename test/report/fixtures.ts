import { type StepName, stepNames, type TransferMode, transferModes } from '../../lab/model/attempt.ts';
import { type CellResult, cellId, type Expectation, type Verdict } from '../../lab/model/cell.ts';
import { headed } from '../../lab/model/origin.ts';
import type { RunResult, Setting } from '../../lab/model/run-result.ts';
import { addressPlan } from '../../lab/network/address-plan.ts';
import type { ClientName, ServerName } from '../../lab/network/topology.ts';

type Kind = 'up' | 'dropped' | 'read-only' | 'control' | 'inconclusive';

const reached: Record<Kind, { readonly failed: readonly StepName[]; readonly skipped: readonly StepName[] }> =
  {
    up: { failed: [], skipped: [] },
    dropped: { failed: ['list', 'store-small', 'store-large', 'retrieve'], skipped: [] },
    'read-only': { failed: ['store-small', 'store-large'], skipped: [] },
    control: { failed: ['connect'], skipped: ['login', 'list', 'store-small', 'store-large', 'retrieve'] },
    inconclusive: { failed: ['list', 'store-small', 'store-large', 'retrieve'], skipped: [] },
  };

const packet = {
  protocol: 'tcp',
  source: '192.168.20.10:42344',
  destination: '198.51.100.21:50089',
} as const;

function verdictOf(kind: Kind, firewall: 'isa-x' | 'isa-y'): Verdict {
  const none = { firewall: null, rule: null, packet: null };
  switch (kind) {
    case 'up':
      return {
        uploaded: true,
        failedAt: null,
        cause: 'none',
        ...none,
        sentence: 'The upload arrived intact.',
      };
    case 'dropped':
      return {
        uploaded: false,
        failedAt: 'store-small',
        cause: 'data-dropped',
        firewall,
        rule: 'Default rule',
        packet,
        sentence: `${firewall}'s Default rule dropped the data connection.`,
      };
    case 'read-only':
      return {
        uploaded: false,
        failedAt: 'store-small',
        cause: 'command-refused-by-firewall',
        firewall,
        rule: 'FTP out',
        packet: null,
        sentence: `${firewall} refused STOR.`,
      };
    case 'control':
      return {
        uploaded: false,
        failedAt: 'connect',
        cause: 'control-dropped',
        firewall,
        rule: 'Default rule',
        packet: { ...packet, destination: '198.51.100.21:21' },
        sentence: `${firewall}'s Default rule dropped the control connection.`,
      };
    case 'inconclusive':
      return {
        uploaded: false,
        failedAt: 'store-small',
        cause: 'inconclusive',
        ...none,
        sentence: 'No firewall reported the data connection.',
      };
  }
}

/** A cell with the result `came`; `expected` equals `came` unless given, and is `null` if nothing was expected. */
export function cell(
  ruleSet: string,
  client: ClientName,
  server: ServerName,
  mode: TransferMode,
  came: Kind,
  expected: Kind | null = came,
): CellResult {
  const firewall = client === 'x-workstation' ? 'isa-x' : 'isa-y';
  const { failed, skipped } = reached[came];
  const wanted = expected && verdictOf(expected, firewall);
  const expectation: Expectation | null = wanted && {
    uploaded: wanted.uploaded,
    cause: wanted.cause,
    ...(wanted.firewall && { firewall: wanted.firewall }),
    ...(wanted.rule && { rule: wanted.rule }),
  };
  const key = { ruleSet, client, server, mode, driver: 'basic-ftp', tls: false } as const;
  return {
    ...key,
    id: cellId(key),
    steps: stepNames.map((name) => ({
      name,
      outcome: failed.includes(name) ? 'failed' : skipped.includes(name) ? 'skipped' : 'ok',
      reply: '',
      ms: 1,
    })),
    verdict: verdictOf(came, firewall),
    expected: expectation,
    asExpected: expected === null ? null : came === expected,
    ms: 10,
  };
}

const clients: readonly ClientName[] = ['x-workstation', 'y-server', 'y-workstation'];
const servers: readonly ServerName[] = ['vsftpd', 'proftpd', 'pure-ftpd'];

/** A whole run, as the shipped scenarios make it. */
export function wholeRun(): CellResult[] {
  const cameTo = (ruleSet: string, server: ServerName, mode: TransferMode): Kind => {
    const passive = mode === 'pasv' || mode === 'epsv';
    switch (ruleSet) {
      case 'all-open':
      case 'ftp-filter':
      case 'nat-ftp-filter':
        return 'up';
      case 'all-closed':
        return 'control';
      case 'high-ports-outbound':
        return passive ? 'up' : 'dropped';
      case 'server-range-outbound':
        return passive && server === 'proftpd' ? 'up' : 'dropped';
      case 'source-port-20-inbound':
        return passive ? 'dropped' : 'up';
      case 'ftp-filter-read-only':
        return 'read-only';
      default:
        return 'dropped';
    }
  };
  const ruleSets = [
    'all-open',
    'all-closed',
    'as-reported',
    'high-ports-outbound',
    'server-range-outbound',
    'ftp-filter',
    'ftp-filter-read-only',
    'source-port-20-inbound',
    'nat-as-reported',
    'nat-ftp-filter',
  ];
  const cells = ruleSets.flatMap((ruleSet) =>
    clients.flatMap((client) =>
      servers.flatMap((server) =>
        transferModes.map((mode) => cell(ruleSet, client, server, mode, cameTo(ruleSet, server, mode))),
      ),
    ),
  );
  const across = transferModes.map((mode) =>
    cell('one-firewall-fixed', 'x-workstation', 'y-server', mode, 'dropped'),
  );
  return [...cells, ...across];
}

/** A run of these cells; `reason` makes it void. */
export function runOf(cells: readonly CellResult[], reason: string | null = null): RunResult {
  return {
    ...headed('run', { lab: '1.0.0', engine: { name: 'docker', version: '20.10.24' }, files: [] }),
    cells,
    summary: {
      cells: cells.length,
      asExpected: cells.filter((one) => one.asExpected === true).length,
      ms: 5340,
      void: reason,
      skipped: [],
      phases: { up: 1260, cells: 3000, down: 1080 },
    },
  };
}

/** The setting of these cells, some of whose rule sets stage causes; its rules are empty. */
export function settingOf(cells: readonly CellResult[], staged: readonly string[]): Setting {
  const none = { iptables: '', nft: null };
  return {
    plan: addressPlan(0),
    ruleSets: [...new Set(cells.map(({ ruleSet }) => ruleSet))].map((name) => ({
      name,
      question: null,
      staged: staged.includes(name),
      firewalls: { 'isa-x': none, 'isa-y': none },
    })),
  };
}
