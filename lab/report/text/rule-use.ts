import { firstOf, list } from '../../list.ts';
import { called } from '../../model/names.ts';
import type { RulesUsed, RuleUse } from '../../model/result/rule-use.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** How many rules of a kind the screen names before it only counts the rest. */
const rulesShown = 5;

/** What a run says nothing about: the rules that no packet met, for each firewall in a sentence and the first of them. '' if all were met. */
export function ruleUseText(used: RulesUsed, style: Style): string {
  const colors = colorsOf(style);
  return Object.entries(used)
    .flatMap(([firewall, uses]) => {
      const never = uses.filter(({ use }) => use === 'never');
      if (never.length === 0) return [];
      return [
        wrap(useInWords(called(firewall, style.names), uses), style.width, '  '),
        ...firstOf(never.map(ruleInWords), rulesShown, (more) => `and ${more} more, which --json lists`).map(
          (text) => colors.dim(wrap(`  ${text}`, style.width, '    ')),
        ),
      ];
    })
    .join('\n');
}

/** How many rules of a firewall decided, were met or never met, and what that means for the verdicts. */
export function useInWords(firewall: string, uses: readonly RuleUse[]): string {
  const count = (kind: RuleUse['use']) => uses.filter(({ use }) => use === kind).length;
  const [never, shadowed] = [count('never'), uses.filter(({ shadowedBy }) => shadowedBy !== null).length];
  const [decided, met] = [count('decided'), count('met')];
  const parts = [
    `${decided} decided about packets`,
    ...(met === 0 ? [] : [`${met} ${met === 1 ? 'was' : 'were'} met and decided nothing`]),
    `${never} ${never === 1 ? 'was' : 'were'} met by no packet`,
  ];
  const why =
    shadowed === 0 ? '' : ` (${shadowed} of these because an earlier line takes all that they could match)`;
  return `Of the ${uses.length.toLocaleString('en')} rules of ${firewall}, ${list(parts)} of these uploads${why}.${never === 0 ? '' : ' The verdicts say nothing about what no packet met.'}`;
}

/** A rule by its line, and why no packet can meet it, if that is proven. */
export function ruleInWords({ line, file, rule, shadowedBy }: RuleUse): string {
  return `line ${line}${file === undefined ? '' : ` of ${file}`}: ${rule}${shadowedBy === null ? '' : ` (line ${shadowedBy} takes all that it could match)`}`;
}
