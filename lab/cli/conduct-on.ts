import type { Engine } from '../engine/engine.ts';
import type { Expectation } from '../model/cell.ts';
import type { RunResult } from '../model/run-result.ts';
import type { Scenario } from '../model/scenario.ts';
import { spread } from '../trial/spread.ts';
import { type Conduct, conductWith } from './conduct.ts';
import type { Context } from './context.ts';
import { readEngines } from './options/engines-file.ts';

/** Runs scenarios on the engines that a file lists, with one report. Throws LabError as `conduct` and `readEngines`. */
export async function conductOn(
  file: string,
  context: Context,
  options: Conduct,
  scenarios: readonly Scenario<Expectation | null>[],
): Promise<RunResult> {
  const engines = await readEngines(file);
  const parts = spread(scenarios, engines.length);
  const shares = engines.flatMap((engine, index) => {
    const share = parts[index];
    return share === undefined ? [] : [{ engine, share }];
  });
  const { Crew, memberName } = await import('../trial/crew.ts');
  return conductWith(
    context,
    options,
    (labOptions) => {
      context.interruption.leavesBehind = leftovers(
        shares.map(({ engine }, index) => ({ engine, name: memberName(context.name, index) })),
      );
      return Crew.start(shares, { ...labOptions, name: context.name });
    },
    (crew, work) => crew.run(scenarios, work),
  );
}

function leftovers(labs: readonly { readonly engine: Engine; readonly name: string }[]): string {
  return [
    'Labs may still have hosts and networks:',
    ...labs.map(
      ({ engine, name }) => `  DOCKER_HOST=${engine.environment.DOCKER_HOST} npx ftplab down --name ${name}`,
    ),
  ].join('\n');
}
