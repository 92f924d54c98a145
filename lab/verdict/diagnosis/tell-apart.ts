import { type StepName, stepNames, type Way, ways } from '../../model/attempt.ts';
import type { Expectation } from '../../model/cell.ts';
import type { MatchingCase, SameSignature, Telling } from '../../model/result/diagnosis.ts';
import { guardOf, isGateway, type RulesPlace } from '../../network/topology.ts';
import { type ObservedMode, outcomeOf } from './same-signature.ts';

/** One thing to look at: what a case shows there, or `undefined` if it does not cover it. */
interface Look {
  readonly look: string;
  readonly way: Way;
  readonly shown: (expected: Expectation, matching: MatchingCase) => string | undefined;
}

/** What would tell matching scenarios apart: differences between their expectations that were not observed. */
export function tellApart(found: readonly SameSignature[], observed: readonly ObservedMode[]): Telling[] {
  const tellings = new Map<string, Telling>();
  for (const { look, way, shown } of ways.flatMap((each) => looksAt(each, observed))) {
    const shows = grouped(found, ({ cases }) => together(cases, way, shown));
    const key = JSON.stringify([look, shows]);
    const known = tellings.get(key);
    tellings.set(key, { look, modes: [...(known?.modes ?? []), way], shows });
  }
  const relations = grouped(found, ({ networkRules }) => networkRules.join(' and '));
  const network = { look: 'the network rule of the firewall on the path', modes: [], shows: relations };
  return [...tellings.values(), network].filter(({ shows }) => shows.length > 1);
}

/** Scenarios by what they show, without those that show nothing. */
function grouped(found: readonly SameSignature[], shown: (same: SameSignature) => string): Telling['shows'] {
  const groups = new Map<string, string[]>();
  for (const same of found) {
    const what = shown(same);
    if (what !== '') groups.set(what, [...(groups.get(what) ?? []), same.scenario]);
  }
  return [...groups].map(([what, scenarios]) => ({ what, scenarios }));
}

function looksAt(way: Way, observed: readonly ObservedMode[]): Look[] {
  const seen = observed.find((each) => each.way === way);
  const uploads: Look = {
    look: 'whether an upload works',
    way,
    shown: ({ uploaded, failedAt }) => (uploaded ? 'works' : `fails${failedAt ? ` at ${failedAt}` : ''}`),
  };
  if (!seen) return [uploads];
  return [
    { look: 'who refuses', way, shown: refuser },
    ...stepNames
      .filter((name) => outcomeOf(seen, name) === undefined)
      .map((name) => ({ look: `whether ${name} works`, way, shown: stepOf(name) })),
  ];
}

function stepOf(name: StepName): Look['shown'] {
  return ({ steps }) => steps?.[name] && (steps[name] === 'ok' ? 'works' : 'fails');
}

function together(cases: readonly MatchingCase[], way: Way, shown: Look['shown']): string {
  const all = cases.flatMap((matching) => {
    const expected = matching.modes[way];
    return (expected && shown(expected, matching)) ?? [];
  });
  return [...new Set(all)].join(' or ');
}

/** Who blocked the upload, as the lab proved it. */
function refuser({ uploaded, cause, firewall, rule }: Expectation, { client }: MatchingCase): string {
  if (uploaded) return 'nobody';
  return firewall ? `${placeOf(firewall, client)}, rule "${rule}" (${cause})` : `no firewall (${cause})`;
}

/** Describes a firewall by its place, since the user's own is not called isa-y. */
function placeOf(firewall: RulesPlace, client: MatchingCase['client']): string {
  if (!isGateway(firewall)) return `the ${firewall === client ? 'client' : 'server'}'s own firewall`;
  return guardOf(client) === firewall
    ? 'the firewall in front of the client'
    : 'the firewall in front of the server';
}
