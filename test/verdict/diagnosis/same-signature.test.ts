import { describe, expect, it } from 'vitest';
import { stepNames, type TransferMode, transferModes, type Way, wayOf } from '../../../lab/model/attempt.ts';
import type { Expectation } from '../../../lab/model/cell.ts';
import { cellsOf } from '../../../lab/model/scenario.ts';
import { type ObservedMode, sameSignature } from '../../../lab/verdict/diagnosis/same-signature.ts';
import { tellApart } from '../../../lab/verdict/diagnosis/tell-apart.ts';
import { scenarios } from '../../../scenarios/index.ts';

/** What a scenario expects, as if it had been observed. Without an upload there is nothing to read back. */
function seen(way: Way, expected: Expectation): ObservedMode {
  const { uploaded, cause, failedAt = null } = expected;
  const steps = stepNames.map((name) => {
    const outcome = expected.steps?.[name] ?? 'ok';
    return { name, outcome: name === 'retrieve' && !uploaded ? 'skipped' : outcome } as const;
  });
  return { way, uploaded, failedAt, steps, possible: [cause] };
}

/** One case of a scenario: what one client and one server come to, mode by mode. */
function observe(
  scenario: string,
  client: string,
  server: string,
  modes: readonly TransferMode[] = transferModes,
): ObservedMode[] {
  const found = scenarios.find(({ name }) => name === scenario);
  if (!found) throw new Error(`There is no scenario ${scenario}`);
  return cellsOf(found)
    .filter(({ key }) => key.client === client && key.server === server && !key.tls)
    .filter(({ key }) => key.driver === 'basic-ftp' && modes.includes(key.mode))
    .map(({ key, expected }) => seen(wayOf(key), expected));
}

const namesOf = (observed: readonly ObservedMode[]) =>
  sameSignature(observed, scenarios).map(({ scenario }) => scenario);

const cases = scenarios.flatMap((scenario) => {
  const pairs = cellsOf(scenario)
    .filter(({ key }) => key.driver === 'basic-ftp' && !key.tls)
    .map(({ key }) => `${key.client} ${key.server}`);
  return [...new Set(pairs)].map((pair) => [scenario.name, ...pair.split(' ')] as [string, string, string]);
});

describe('the signature', () => {
  it.each(cases)('of %s, %s to %s, is its own', (scenario, client, server) => {
    expect(namesOf(observe(scenario, client, server))).toContain(scenario);
  });

  it('of Read Only is nobody else’s whose listing fails', () => {
    const observed = observe('ftp-filter-read-only', 'y-server', 'vsftpd');
    expect(namesOf(observed)).toContain('ftp-filter-read-only');
    expect(namesOf(observed)).not.toContain('as-reported');
  });

  it('of the report is shared, and tells what tells them apart', () => {
    const observed = observe('as-reported', 'y-server', 'vsftpd');
    const found = sameSignature(observed, scenarios);
    const names = found.map(({ scenario }) => scenario);
    expect(names).toEqual(expect.arrayContaining(['as-reported', 'nat-as-reported', 'one-firewall-fixed']));
    const apart = tellApart(found, observed);
    const whose = apart.find(({ look }) => look === 'who refuses');
    expect(whose?.shows.find(({ scenarios }) => scenarios.includes('as-reported'))?.what).toMatch(
      /in front of the client/,
    );
    expect(whose?.shows.find(({ scenarios }) => scenarios.includes('one-firewall-fixed'))?.what).toMatch(
      /in front of the server/,
    );
    const network = apart.find(({ look }) => look.startsWith('the network rule'));
    expect(network?.shows.find(({ what }) => what === 'NAT')?.scenarios).toContain('nat-as-reported');
  });

  it('of fewer modes fits more scenarios, and an untried mode tells them apart', () => {
    const observed = observe('as-reported', 'y-server', 'vsftpd', ['port']);
    const found = sameSignature(observed, scenarios);
    expect(found.map(({ scenario }) => scenario)).toContain('high-ports-outbound');
    const untried = tellApart(found, observed).find(({ look }) => look === 'whether an upload works');
    expect(untried?.modes).toContain('pasv');
    expect(untried?.shows.find(({ what }) => what === 'works')?.scenarios).toContain('high-ports-outbound');
    expect(untried?.shows.find(({ what }) => what !== 'works')?.scenarios).toContain('as-reported');
  });

  it.each([
    // 227 names the private address, EPSV and active mode are silent: nothing but port 21 is published.
    [
      'published-without-filter',
      'y-server',
      ['published-on-2121-without-filter'],
      ['published-range', 'as-reported'],
    ],
    // EPSV works besides: the range is published too.
    ['published-range', 'y-server-pinned', [], ['published-without-filter', 'as-reported']],
    ['published-read-only', 'y-server', ['ftp-filter-read-only'], ['published-with-filter', 'as-reported']],
    [
      'published-with-filter-outside-address',
      'y-server-outside',
      [],
      ['published-with-filter', 'as-reported'],
    ],
    ['published-source-replaced', 'y-server-outside', [], ['published-range-outside-address', 'as-reported']],
  ])('of %s is known to a customer outside', (scenario, server, others, not) => {
    const found = namesOf(observe(scenario, 'customer', server));
    expect(found).toEqual(expect.arrayContaining([scenario, ...others]));
    expect(found.filter((name) => not.includes(name))).toEqual([]);
  });

  it.each([
    ['another cause', { possible: ['quota-exceeded' as const] }],
    ['another step', { failedAt: 'store-large' as const }],
  ])('with %s is another one', (_what, change) => {
    const observed = observe('as-reported', 'y-server', 'vsftpd').map((mode) => ({ ...mode, ...change }));
    expect(namesOf(observed)).not.toContain('as-reported');
  });
});
