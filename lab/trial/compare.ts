import { LabError } from '../errors.ts';
import type { Intent } from '../model/intent.ts';
import { headed } from '../model/origin.ts';
import type { ComparisonResult, TriedRules } from '../model/result/comparison.ts';
import type { RulesNote } from '../model/result/note.ts';
import { families } from '../network/family.ts';
import { isGateway, type RulesPlace } from '../network/topology.ts';
import { compileRules, isOfFile, nftFileIn, saved6In, savedFileIn } from '../policy/compile.ts';
import { bothRounds } from '../policy/rule-use.ts';
import { changeLines } from '../report/text/comparison.ts';
import { breaksNothing, changed, compareCells } from '../verdict/comparison.ts';
import { judgeDemands } from '../verdict/demands.ts';
import { exposureChanges } from '../verdict/exposure-comparison.ts';
import { triedTwice } from '../verdict/repeated.ts';
import { attemptsAcross } from './attempts-across.ts';
import { type DemandOptions, demanded, withoutRepeats } from './demanded.ts';
import { type Conditions, inLab } from './in-lab.ts';
import { readIntent, unintended } from './intent.ts';
import type { Lab } from './lab.ts';
import { originIn } from './origin-of.ts';
import {
  firewallOf,
  type NamedRules,
  type RulesOptions,
  type RulesSource,
  readRules,
  refuseBoth,
  refuseUnmeasurable,
  versionsOf,
} from './read-rules.ts';
import {
  cellsAndRulesUsed,
  loadAndRequireControls,
  measure,
  type Telling,
  type TriedCells,
} from './under-rules.ts';

export interface CompareRequest extends RulesOptions, DemandOptions, Conditions, Telling {
  /** Whether a change request is to be made of the comparison. Default false. */
  readonly forChangeRequest?: boolean | undefined;
  /** A file that says what may change, see model/intent.ts. Default: nobody asks. */
  readonly intent?: string | undefined;
  /** Try the uploads by IPv6 too, and measure over it. */
  readonly ipv6?: true | undefined;
}

/**
 * Tries the same uploads under two rule sets, in one lab, and measures what each lets through: every path that crosses
 * a firewall which both rule sets cover, in every mode. Each side is tried twice, in turn. Throws LabError, `run-void` if a
 * control fails, or the signal's reason.
 */
export async function compare(
  before: RulesSource,
  after: RulesSource,
  request: CompareRequest = {},
): Promise<ComparisonResult> {
  const intent = request.intent === undefined ? undefined : await readIntent(request.intent);
  const rules = await readRules([before, after], request);
  const [former, later] = rules;
  if (!former || !later) throw new Error('Two sources are two rule sets');
  const only = firewallOf(rules);
  refuseUnmeasurable(rules, request.names);
  refuseUntriedHoles(intent, rules, only);
  if (request.forChangeRequest) refuseBoth('A change request', rules);
  const asked = demanded(request, only);
  const versions = request.ipv6 ? families : versionsOf(rules);
  const chosen = versions.flatMap((version) =>
    attemptsAcross({ only, ...(version === 'ipv6' && { ipv6: true }) }),
  );
  const attempts = withoutRepeats([...chosen, ...asked.attempts]);
  const measured = { ...request, only, ...(versions.includes('ipv6') && { ipv6: true as const }) };
  const { result } = await inLab(request, async (lab) => {
    const [wasNotes, isNotes] = await loadAndRequireControls(lab, rules, attempts, request);
    const wanted = attempts.map((key) => ({ key }));
    const tried = (one: NamedRules) => cellsAndRulesUsed(lab, one, wanted, request);
    const [wasFirst, isFirst] = [await tried(former), await tried(later)];
    const was = await asSide(lab, former, wasNotes, [wasFirst, await tried(former)], measured);
    const is = await asSide(lab, later, isNotes, [isFirst, await tried(later)], measured);
    const changes = compareCells(was.cells, is.cells);
    const found = { changes: changed(changes), ports: exposureChanges(was.exposure, is.exposure) };
    return {
      ...headed('comparison', originIn(lab, rules)),
      before: was,
      after: is,
      ...found,
      ...(asked.attempts.length > 0 && { demands: judgeDemands(asked, is.cells) }),
      ...(intent && {
        intent: unintended(intent, { ...found, before: was.exposure, after: is.exposure }, lab.names),
      }),
      summary: { breaksNothing: breaksNothing(changes), lines: changeLines(changes, lab.names) },
    };
  });
  return result;
}

/** What attaches a helper, in iptables and in nft. */
const helper = /--helper\b|\bct helper set\b/;

/** An intent also speaks of what FTP helpers open on request, which is not tried on hosts. Throws LabError `not-on-hosts`. */
function refuseUntriedHoles(
  intent: Intent | undefined,
  rules: readonly NamedRules[],
  place: RulesPlace | null,
): void {
  if (!intent || intent.helperMayOpenMore || place === null || isGateway(place)) return;
  const helped = rules.find(({ rules: one }) =>
    [savedFileIn(one), saved6In(one), nftFileIn(one)].some((file) => helper.test(file?.text ?? '')),
  );
  if (!helped) return;
  throw new LabError(
    'usage',
    'not-on-hosts',
    `${helped.word} has an FTP helper, and what such a one opens on request on ${place} the lab does not try, so it cannot hold it against the intent`,
    'Set "helperMayOpenMore" in the intent to go on without that.',
  );
}

/**
 * The two rounds of the rules in force as one side of the comparison; measures what these rules let through, with `only` on the paths about
 * which the rules at that place decide.
 */
async function asSide(
  lab: Lab,
  { rules, word, files }: NamedRules,
  notes: RulesNote[] = [],
  [first, second]: readonly [TriedCells, TriedCells],
  { only, ...telling }: Telling & Pick<CompareRequest, 'ipv6'> & { readonly only: RulesPlace | null },
): Promise<TriedRules> {
  const firewalls = Object.keys(first.used) as (keyof typeof first.used)[];
  return {
    name: rules.name,
    ...(files && { file: word }),
    ...(isOfFile(rules) && { firewall: rules.firewall }),
    ruleSet: rules.kind === 'isa' ? rules : null,
    rules: compileRules(rules, lab.plan),
    cells: first.cells.map((cell, index) => triedTwice(cell, second.cells[index] ?? cell)),
    exposure: await measure(lab, telling, only ?? undefined),
    notes,
    used: Object.fromEntries(
      firewalls.map((name) => [name, bothRounds(first.used[name] ?? [], second.used[name] ?? [])]),
    ),
  };
}
