import { list } from '../../list.ts';
import type { CellResult } from '../../model/cell.ts';
import { placesOf } from '../../model/exposure.ts';
import { type Names, pathCalled } from '../../model/names.ts';
import type { Fixing, TriedPatch } from '../../model/result/fix.ts';
import type { FixStrategy } from '../../model/vocabulary.ts';
import { isGateway } from '../../network/topology.ts';
import { isNftText } from '../../policy/nft/whole-truth.ts';
import { pathOf } from '../../verdict/comparison.ts';
import { cureFor } from '../../verdict/cures.ts';
import { areMet, judgeDemands } from '../../verdict/demands.ts';
import { firstOfEach } from './cures.ts';
import { demandsText } from './demands.ts';
import { portCount } from './exposure.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

const titles: Readonly<Record<FixStrategy, string>> = {
  helper: 'the firewall follows the FTP session (kernel helper)',
  range: "the server's passive ports are open to the clients",
};

/** What mending a file came to: why it fails, the patches with their proof, what they do not prove, what to do next. */
export function fixingText(file: string, fixing: Fixing, style: Style): string {
  const { before, need, forbid = [], patches } = fixing;
  const needed = before.cells.filter((cell) => need.includes(pathOf(cell)));
  const failing = needed.filter(({ verdict }) => !verdict.uploaded);
  const line = (text: string, indent = '  ') => wrap(text, style.width, indent);
  if (failing.length === 0)
    return [
      line(`${file} needs no patch: ${uploads(needed.length)} ${needed.length === 1 ? 'works' : 'work'}.`),
      ...(forbid.length > 0
        ? [demandsText(judgeDemands({ need, forbid }, before.cells), before.cells, style)]
        : []),
    ].join('\n');
  const [best] = patches;
  const meets = best !== undefined && areMet({ broken: [], ...best });
  return [
    line(
      `${file} as it is: ${failing.length} of ${uploads(needed.length)} ${failing.length === 1 ? 'fails' : 'fail'}.`,
    ),
    ...reasons(failing, style.names).map((text) => line(`  ${text}`, '    ')),
    '',
    ...patches.flatMap((patch, index) => [...patchText(patch, index + 1, needed.length, style), '']),
    ...(meets ? recommended(file, best, style) : unfixable(failing, best, style)),
  ].join('\n');
}

function uploads(count: number): string {
  return `${count} needed upload${count === 1 ? '' : 's'}`;
}

/** One sentence for each different reason. */
function reasons(failing: readonly CellResult[], names?: Names): string[] {
  const kinds = new Map<string, CellResult>();
  for (const cell of failing) {
    const { cause, firewall, rule } = cell.verdict;
    const key = JSON.stringify([cause, firewall, rule]);
    if (!kinds.has(key)) kinds.set(key, cell);
  }
  return [...kinds.values()].map((cell) => `${pathCalled(pathOf(cell), names)}: ${cell.verdict.sentence}`);
}

function patchText(patch: TriedPatch, number: number, needed: number, style: Style): string[] {
  const colors = colorsOf(style);
  const called = (paths: readonly string[]) => paths.map((path) => pathCalled(path, style.names));
  const { strategy, lines, unmet, broken = [], lost, opened, holes = 0, exposure } = patch;
  const proof = [
    unmet.length === 0
      ? `all ${needed} needed uploads work`
      : `${unmet.length} of ${needed} needed uploads still fail (${list(called(unmet), 3)})`,
    ...(broken.length === 0 ? [] : [`FORBIDDEN uploads work: ${list(called(broken))}`]),
    lost.length === 0 ? 'nothing that worked is lost' : `LOST: ${list(called(lost))}`,
    ...(exposure === null
      ? []
      : [opened === 0 ? 'no port is opened beyond those negotiated' : `${portCount(opened)} opened`]),
    ...(holes > 0
      ? [
          `on request of these hosts the helper opens ${holes} kinds of holes that no upload needs, such as ports below 1024, since the file accepts RELATED for every port`,
        ]
      : []),
    `${lines} line${lines === 1 ? '' : 's'} added`,
  ];
  return [
    colors.bold(wrap(`Patch ${number}: ${titles[strategy]}`, style.width, '  ')),
    wrap(`  ${list(proof)}.`, style.width, '  '),
    ...patch.patch
      .trimEnd()
      .split('\n')
      .map((text) => painted(text, colors)),
  ];
}

function painted(text: string, colors: ReturnType<typeof colorsOf>): string {
  if (/^(?:\+\+\+|---)/.test(text)) return colors.bold(text);
  if (text.startsWith('+')) return colors.green(text);
  return text.startsWith('@@') ? colors.dim(text) : text;
}

/** How a file is put in force, in place of every rule before. */
function inForceBy(file: string, text: string): string {
  if (!isNftText(text)) return `"iptables-restore < ${file}" puts it in force`;
  const whole = /^[ \t]*flush ruleset\b/m.test(text)
    ? `"nft -f ${file}"`
    : `"{ echo flush ruleset; cat ${file}; } | nft -f -"`;
  return `"nft -c -f ${file}" checks it, and ${whole} puts it in force in place of all tables`;
}

function recommended(file: string, { configuration, exposure, text }: TriedPatch, style: Style): string[] {
  const onHost = exposure && !placesOf(exposure.lines).every(isGateway);
  return [
    wrap(
      `Recommended: patch 1. "ftplab fix ${file} --write FILE" writes it; "patch -p0 < FILE" applies it in the folder that you are in; ${inForceBy(file, text)}.`,
      style.width,
      '  ',
    ),
    ...(configuration ? ['', ...inItsWords(configuration, style), ''] : []),
    wrap(
      `Proven: the uploads above, made in the lab under these rules. Not proven: what other machines on the way do, and what the lab lacks (see the notes)${onHost ? '; nor what a helper on this host opens on request, which the lab does not try' : ''}. A helper reads only sessions that begin after it is in force: clients have to log in again.`,
      style.width,
      '  ',
    ),
  ];
}

function inItsWords({ program, steps }: NonNullable<TriedPatch['configuration']>, style: Style): string[] {
  return [
    wrap(
      `The file looks like the work of ${program}, which writes its rules again at each start. For the patch to stay, write the same there (not tried by the lab):`,
      style.width,
      '  ',
    ),
    ...steps.map((step) => (/[:.]$/.test(step) ? wrap(`  ${step}`, style.width, '  ') : `      ${step}`)),
  ];
}

/** Who has to do what if no patch of this firewall is enough. */
function unfixable(failing: readonly CellResult[], best: TriedPatch | undefined, style: Style): string[] {
  const left = best ? best.cells.filter((cell) => best.unmet.includes(pathOf(cell))) : failing;
  const onPurpose = left.some(({ verdict }) => verdict.cause === 'command-refused-by-firewall');
  const advice = firstOfEach(left.map(({ verdict }) => verdict));
  return [
    wrap('No patch of this firewall makes all needed uploads work.', style.width, '  '),
    ...reasons(left, style.names).map((text) => wrap(`  ${text}`, style.width, '    ')),
    ...(onPurpose
      ? [
          wrap(
            '  A rule that reads FTP commands refuses the upload. Somebody wanted that, as with Read Only in ISA, so no patch lifts it: ask who wrote the rule.',
            style.width,
            '    ',
          ),
        ]
      : []),
    ...advice.map((verdict) => {
      const { who, sentence } = cureFor(verdict);
      return wrap(
        `  ${verdict.cause} (${who}): ${sentence} See docs/causes.md#${verdict.cause}.`,
        style.width,
        '    ',
      );
    }),
  ];
}
