import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Attempt } from '../../lab/model/cell.ts';
import { countOf, type Exposure } from '../../lab/model/exposure.ts';
import { abuses } from '../../lab/model/pinhole.ts';
import type { Fixing, TriedPatch } from '../../lab/model/result/fix.ts';
import { clientNames, guardOf } from '../../lab/network/topology.ts';
import { type SavedRules, savedRules } from '../../lab/policy/compile.ts';
import { rulesAdded } from '../../lab/policy/fix/edit-rules.ts';
import { readSavedFile, type SavedFile } from '../../lab/policy/iptables-save.ts';
import { attemptsAcross } from '../../lab/trial/attempts-across.ts';
import type { Lab } from '../../lab/trial/lab.ts';
import { mendFile } from '../../lab/trial/mend-file.ts';
import { neededCells } from '../../lab/trial/needed-cells.ts';
import { attemptAll } from '../../lab/trial/run-scenarios.ts';
import type { Telling } from '../../lab/trial/under-rules.ts';
import { exposureChanges } from '../../lab/verdict/exposure-comparison.ts';
import type { CorpusNetwork } from '../truth/network.ts';
import { expertPatchOf, type Gateway, rulesOf } from './gateways.ts';

/** What mending a gateway's file came to, beside the patch that an expert wrote. */
export interface Mended {
  readonly gateway: Gateway;
  readonly fixing: Fixing;
  readonly best: TriedPatch | null;
  /** `opened`: `null` if that was not measured, since the found patch opens nothing or has the same rules. */
  readonly expert: { readonly lines: number; readonly opened: number | null; readonly same: boolean };
  /** What is not as it should be, one sentence each; empty if all is. */
  readonly wrong: readonly string[];
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** Mends a gateway's file as `ftplab fix` does, has patch(1) apply the patch, and holds it against the expert's. */
export async function mendGateway(
  lab: Lab,
  gateway: Gateway,
  network: CorpusNetwork,
  telling: Telling = {},
): Promise<Mended> {
  const begun = performance.now();
  const { name, firewall = 'isa-y' } = gateway;
  const text = network.here(await rulesOf(gateway));
  const expertText = await patched(`${name}.rules`, text, network.here(await expertPatchOf(gateway)));
  const need = [...neededCells(gateway.need).values()];
  const keyed = new Map(
    [...attemptsAcross({ only: firewall }), ...need].map((attempt) => [JSON.stringify(attempt), attempt]),
  );
  const rules = (own: string) => savedRules(name, firewall, own);
  const anybody = clientNames().filter((client) => guardOf(client) === undefined);
  const file = { path: `${name}.rules`, rules: rules(text), anybody };
  const fixing = await mendFile(lab, file, { need }, [...keyed.values()], telling);
  const [best = null] = fixing.patches;
  const expert = await tried(lab, rules(expertText), need, file.rules.saved, fixing.before.exposure, best);
  const wrong = [
    ...(fixing.before.exposure === null ? ['every needed upload works without a patch'] : []),
    ...expert.wrong,
    ...(best ? await wrongWith(best, file.path, text) : ['no patch was found']),
  ];
  return {
    gateway,
    fixing,
    best,
    expert,
    wrong,
    ms: performance.now() - begun,
  };
}

async function wrongWith({ unmet, lost, patch, text }: TriedPatch, path: string, before: string) {
  const applied = await patched(path, before, patch).catch((error: Error) => error.message);
  return [
    ...(unmet.length > 0 ? [`still fail: ${unmet.join(', ')}`] : []),
    ...(lost.length > 0 ? [`lost: ${lost.join(', ')}`] : []),
    ...(applied === text ? [] : [`patch -p0 made another file: ${applied.slice(0, 200)}`]),
  ];
}

/** The expert's patch: whether it does what it is for, and whether the found one opens more. */
async function tried(
  lab: Lab,
  rules: SavedRules,
  need: readonly Attempt[],
  asFound: SavedFile,
  before: Exposure | null,
  best: TriedPatch | null,
): Promise<Mended['expert'] & Pick<Mended, 'wrong'>> {
  const lines = rules.saved.text.split('\n').length - asFound.text.split('\n').length;
  await lab.load(rules);
  const cells = await attemptAll(
    lab,
    need.map((key) => ({ key })),
  );
  const failing = cells.filter(({ verdict }) => !verdict.uploaded);
  const wrong = failing.map(({ id, verdict }) => `the expert's patch fails: ${id}: ${verdict.sentence}`);
  // The expert only adds rules, so a patch that opens nothing opens no more; nor does one of the same rules.
  const opensNothing = best && best.unmet.length + best.opened + (best.holes ?? 0) === 0;
  const ruleTexts = (file: SavedFile) =>
    rulesAdded(asFound, file).map(({ table, text }) => `${table} ${text}`);
  const same = best && ruleTexts(readSavedFile(best.text)).join('\n') === ruleTexts(rules.saved).join('\n');
  if (opensNothing || same) return { lines, opened: null, same: same === true, wrong };
  const exposure = await lab.measureExposure({ only: rules.firewall });
  const more = best?.exposure ? openedCount(exposure, best.exposure) : 0;
  const holes = best?.exposure ? abuses(best.exposure.pinholes).length - abuses(exposure.pinholes).length : 0;
  return {
    lines,
    same: false,
    opened: before ? openedCount(before, exposure) : 0,
    wrong: [
      ...wrong,
      ...(more > 0 ? [`opens ${more} ports that the expert's patch leaves closed`] : []),
      ...(holes > 0 ? [`lets the helper open ${holes} holes more than the expert's patch`] : []),
    ],
  };
}

function openedCount(before: Exposure, after: Exposure): number {
  return countOf(exposureChanges(before, after).flatMap(({ opened }) => opened));
}

/** A file's text after `patch -p0`. Throws what patch(1) says. */
async function patched(path: string, text: string, patch: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ftplab-fix-'));
  try {
    await writeFile(join(folder, path), text);
    await writeFile(join(folder, 'patch'), patch);
    await promisify(execFile)('patch', ['-p0', '-i', 'patch'], { cwd: folder });
    return await readFile(join(folder, path), 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}
