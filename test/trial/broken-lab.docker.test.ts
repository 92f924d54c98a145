/** A lab that is really broken: what it must not say then. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Daemon, findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { runExec } from '../../lab/engine/docker/streams.ts';
import { type Lab, runScenarios, type Scenario, scenarios, startLab } from '../../lab/index.ts';
import { addressIn } from '../../lab/network/address-plan.ts';
import { dockerName } from '../../lab/stack/labels.ts';

const name = 'it-broken';
let daemon: Daemon;
let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name });
  daemon = await findDaemon();
});
afterAll(() => lab?.[Symbol.asyncDispose]());

/** A shipped scenario with one cell: from Y to vsftpd by PASV. */
function oneCellOf(scenario: string): Scenario {
  const found = scenarios.find((candidate) => candidate.name === scenario);
  const expect = found?.cells.find(({ clients }) => clients.includes('y-workstation'))?.expect;
  if (!found || !expect) throw new Error(`${scenario} has no such cell`);
  return {
    ...found,
    cells: [{ clients: ['y-workstation'], servers: ['vsftpd'], modes: ['pasv'], expect }],
  };
}

it('skips a scenario whose rules this kernel does not take, says why, and goes on', async () => {
  const asReported = oneCellOf('as-reported');
  const rules = '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m nosuch -j DROP\nCOMMIT\n';
  const unknown: Scenario = {
    ...asReported,
    name: 'needs-more',
    ruleSet: {
      kind: 'iptables',
      name: 'needs-more',
      description: '',
      iptables: { 'isa-x': rules, 'isa-y': rules },
    },
  };
  const { cells, skipped } = await runScenarios(lab, [unknown, asReported]);
  expect(skipped).toEqual([{ name: 'needs-more', reason: expect.stringContaining('nosuch') }]);
  expect(cells.map(({ id, asExpected }) => [id, asExpected])).toEqual([
    ['as-reported/y-workstation/vsftpd/pasv', true],
  ]);
});

it('says lab-bypassed if a client has a way around the firewalls, and voids the run', async () => {
  const network = daemon.docker.getNetwork(dockerName(name, 'external'));
  const container = dockerName(name, 'y-workstation');
  // Docker sets a default route of its own, for which there must be none.
  await runExec(daemon, container, ['ip', 'route', 'del', 'default']);
  await network.connect({
    Container: container,
    EndpointConfig: { IPAMConfig: { IPv4Address: addressIn(lab.plan, 'external', 200) } },
  });
  try {
    const { cells, void: reason } = await runScenarios(lab, [oneCellOf('all-closed')]);
    expect(cells.map(({ verdict, asExpected }) => [verdict.cause, asExpected])).toEqual([
      ['lab-bypassed', false],
    ]);
    expect(reason).toContain('the control all-closed failed');
    // Also where the control is not asked for.
    expect((await runScenarios(lab, [oneCellOf('as-reported')])).void).toContain('all-closed');
  } finally {
    await network.disconnect({ Container: container, Force: true });
    const guard = addressIn(lab.plan, 'y', 1);
    await runExec(daemon, container, ['ip', 'route', 'replace', 'default', 'via', guard]);
  }
});

it('ends the cells of a host that is paused, names it, and goes on', { timeout: 300_000 }, async () => {
  const { cells, ...asReported } = oneCellOf('as-reported');
  const both: Scenario = {
    ...asReported,
    cells: cells.map((some) => ({ ...some, servers: ['proftpd', 'vsftpd'] })),
  };
  const run = async () => (await runScenarios(lab, [both])).cells.map(({ verdict }) => verdict);
  const paused = async (host: string) => {
    const container = daemon.docker.getContainer(dockerName(name, host));
    await container.pause();
    return { [Symbol.asyncDispose]: () => container.unpause() };
  };
  {
    await using _ = await paused('proftpd');
    const [proftpd, vsftpd] = await run();
    expect(proftpd).toMatchObject({
      cause: 'inconclusive',
      sentence: expect.stringMatching(/the lab itself failed.*proftpd/),
    });
    expect(vsftpd?.cause).toBe('data-dropped');
  }
  {
    await using _ = await paused('isa-y');
    for (const { cause, sentence } of await run()) {
      expect(cause).toBe('inconclusive');
      expect(sentence).toContain('isa-y');
    }
  }
  expect((await run()).map(({ cause }) => cause)).toEqual(['data-dropped', 'data-dropped']);
});

it('says inconclusive if a firewall drops packets and its trace does not show it', async () => {
  const isaY = dockerName(name, 'isa-y');
  const flush = ['prerouting', 'tracked']
    .map((chain) => `nft flush chain ip lab-trace ${chain}`)
    .join(' && ');
  expect((await runExec(daemon, isaY, ['sh', '-c', flush])).code).toBe(0);
  await lab.load(oneCellOf('all-closed').ruleSet);
  const { verdict } = await lab.attempt({ client: 'y-workstation', server: 'vsftpd', mode: 'pasv' });
  expect(verdict).toMatchObject({ cause: 'inconclusive', failedAt: 'connect', firewall: null, rule: null });
});
