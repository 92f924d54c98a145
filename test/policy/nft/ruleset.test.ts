/** What is known of nft rules in force, from what nft lists of them (list-examples.sh). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NftListing } from '../../../lab/model/rule-set.ts';
import { addressPlan } from '../../../lab/network/address-plan.ts';
import { sensesOf } from '../../../lab/policy/nft/drops.ts';
import { nftRuleFinder, rulesetOf } from '../../../lab/policy/nft/listing.ts';
import { metRules } from '../../../lab/policy/nft/met.ts';
import { readNftFile } from '../../../lab/policy/nft/nft-file.ts';
import { publishedByNft } from '../../../lab/policy/nft/published.ts';
import { foreignInterfacesOf, unworkableNftRules } from '../../../lab/policy/nft/unworkable.ts';

const examples = JSON.parse(readFileSync(new URL('examples.json', import.meta.url), 'utf8')) as Record<
  string,
  { readonly source: string; readonly listing: NftListing }
>;

function ruleset(name: string) {
  const example = examples[name];
  if (!example) throw new Error(`There is no example ${name}`);
  return rulesetOf(
    readNftFile(example.source, () => []),
    example.listing,
  );
}

const plan = addressPlan(0);
const interfaces = ['inside', 'outside'];

describe('what a drop says of the same packet when it is sent again', () => {
  const never = { mayPassLater: false, remembersOthers: false, marks: false, tellsExpectedFromNew: false };
  it.each<[name: string, senses: object]>([
    ['steady', never],
    ['limit', { ...never, mayPassLater: true, remembersOthers: true, passesWithin: 3000 }],
    ['slow-limit', { ...never, mayPassLater: true, remembersOthers: true, passesWithin: 900 }],
    ['numgen', { mayPassLater: true, passesWithin: 2000 }],
    ['dynamic-set', { mayPassLater: true, passesWithin: 4000 }],
    ['jump-by-map', { mayPassLater: true, passesWithin: 1000 }],
    ['marks', { ...never, marks: true }],
    ['related-dropped', { ...never, tellsExpectedFromNew: true }],
    ['related-accepted', never],
  ])('%s', (name, senses) => {
    const rules = ruleset(name);
    expect(sensesOf(metRules(rules, interfaces, false), rules)).toMatchObject(senses);
  });
});

it('counts as met what maps lead to, and not what is about other interfaces and protocols', () => {
  const met = (name: string, onHost = false) =>
    [...metRules(ruleset(name), interfaces, onHost)].map(({ text }) => text);
  expect(met('steady').filter((text) => text.includes('limit'))).toEqual([
    'limit rate 5/minute log prefix "x"',
  ]);
  expect(met('jump-by-map')).toContain('tcp dport 21 limit rate 1/second accept');
  expect(met('limit', true)).toEqual([]);
});

it('finds what dnat publishes, by rules and by maps, from outside alone', () => {
  expect(Object.fromEntries(publishedByNft(ruleset('published'), plan, 'isa-y'))).toEqual({
    'y-server': { address: '198.51.100.3', port: 2121 },
    'y-server-pinned': { address: '198.51.100.3', port: 2122 },
    'y-server-outside': { address: '198.51.100.77', port: 21 },
  });
});

it('knows what the lab lacks, by line', () => {
  const where = { plan, firewall: 'isa-y', addressesKnown: false };
  expect(foreignInterfacesOf(ruleset('foreign'), interfaces)).toEqual(['tun+']);
  expect(unworkableNftRules(ruleset('foreign'), where)).toEqual([
    { line: 10, kind: 'interface', name: 'tun+', matters: false },
    { line: 11, kind: 'address', name: '10.1.0.0/16', matters: true },
    { line: 13, kind: 'address', name: '10.8.8.8', matters: false },
    { line: 14, kind: 'MAC address', name: '02:00:00:00:00:01', matters: true },
    { line: 18, kind: 'answering address', name: '203.0.113.5', matters: true },
  ]);
});

describe('the line of a rule in force', () => {
  const lineOf = (name: string, rule: string) =>
    nftRuleFinder(ruleset(name))({ table: 'inet f', chain: 'forward', rule })?.line;

  it('is found by its place in its chain', () => {
    expect(lineOf('limit', 'tcp dport 21 ct state new limit rate 20/minute accept')).toBe(6);
    expect(lineOf('inserted', 'tcp dport 22 accept')).toBe(5);
    expect(lineOf('inserted', 'tcp dport 21 accept')).toBe(4);
  });

  it('is none if the file does not tell which is which', () => {
    expect(lineOf('fewer-rules-than-lines', 'tcp dport 23 accept')).toBeUndefined();
  });
});
