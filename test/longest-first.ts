import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, so that none of them begins when the others are done. Those that wait more than they compute stand
 * among the first: the others use the processors meanwhile.
 */
const longest = [
  'trial/host-fix',
  'docs/examples',
  'scenarios/patient',
  'package/package',
  'truth/patience',
  'trial/use-cases',
  'ci/guard',
  'trial/own-network',
  'cli/run',
  'cli/names',
  'fix/gateways',
  'scenarios/all',
  'cli/choose',
  'report/html-report',
  'cli/diagnose',
  'trial/host-firewall',
  'hostile/',
];

/** Vitest's order, with the longest files of each group first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.includes(`/test/${name}`));
      return at === -1 ? longest.length : at;
    };
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    return (await super.sort(files)).sort((a, b) => group(a) - group(b) || rank(a) - rank(b));
  }
}
