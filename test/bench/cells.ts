import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type CellResult,
  cellsOf,
  type Lab,
  runScenarios,
  type Scenario,
  scenarios,
} from '../../lab/index.ts';
import { transferModes } from '../../lab/model/attempt.ts';
import { withCells } from '../../lab/model/scenario.ts';
import { attemptAll } from '../../lab/trial/run-scenarios.ts';
import { line, median } from './figures.ts';

/** Cells whose data connection is dropped: how soon that is known, all their steps, and what a patient client waits. */
export async function blockedCells(lab: Lab): Promise<void> {
  const reported = named('as-reported');
  await lab.load(reported.ruleSet);
  const results: CellResult[] = [];
  for (const { key } of cellsOf(reported)) results.push(await lab.attempt(key));
  const soon = median(results.map(decisionAfterLogin));
  line('blocked cell, after login', soon, 'at most 100 ms');
  line('blocked cell, all steps', median(results.map((cell) => cell.ms)), '');
  const passive = cellsOf(reported)
    .filter(({ key }) => key.driver === 'basic-ftp' && key.mode === 'pasv')
    .map(({ key }) => ({ key }));
  const patient = await attemptAll(lab, passive, { patience: 'client', evidence: true });
  const late = median(patient.map(decisionAfterLogin));
  line('the same, --patient', late, `${Math.round(late / soon)} times as long, by basic-ftp's timeout`);
}

/** From the login to the end of the step that the verdict is about. */
function decisionAfterLogin({ steps, verdict, evidence }: CellResult): number {
  const failed = steps.find(({ name }) => name === verdict.failedAt);
  const begun = failed && evidence?.stepStarts[failed.name];
  const loggedIn = evidence?.stepStarts.list;
  if (!failed || begun === undefined || loggedIn === undefined) throw new Error(verdict.sentence);
  return begun + failed.ms - loggedIn;
}

/** Cells that upload to each of the usual servers in each mode, as many at a time as in a run. */
export async function uploadRate(lab: Lab): Promise<void> {
  const { ruleSet } = named('all-open');
  await lab.load(ruleSet);
  const servers = ['vsftpd', 'proftpd', 'pure-ftpd'] as const;
  const keys = servers.flatMap((server) =>
    transferModes.map((mode) => ({ client: 'y-workstation', server, mode }) as const),
  );
  const cells = Array.from({ length: 15 }, () => keys.map((key) => ({ key }))).flat();
  const start = performance.now();
  const results = await attemptAll(lab, cells);
  const took = performance.now() - start;
  const failed = results.find(({ verdict }) => !verdict.uploaded);
  if (failed) throw new Error(failed.verdict.sentence);
  const rate = (cells.length / took) * 1000;
  line(`${cells.length} cells that upload`, took, `${rate.toFixed(1)} cells a second, at least 80`);
}

/** The default matrix: every rule set, client, server and mode, by the usual program. */
export async function matrixRate(lab: Lab): Promise<void> {
  const matrix = scenarios
    .filter(({ stages }) => stages === undefined)
    .map((scenario) =>
      withCells(
        scenario,
        cellsOf(scenario).filter(({ key }) => key.driver === 'basic-ftp'),
      ),
    );
  const start = performance.now();
  const { cells } = await runScenarios(lab, matrix);
  const took = performance.now() - start;
  const rate = (cells.length / took) * 1000;
  line(`matrix, ${cells.length} cells`, took, `${rate.toFixed(1)} cells a second, at least 30`);
}

/** What stays in memory of each cell, once the first ones are made. */
export async function thousandCells(lab: Lab): Promise<void> {
  const reported = named('as-reported');
  await lab.load(reported.ruleSet);
  const keys = cellsOf(reported).filter(({ key }) => key.driver === 'basic-ftp');
  const some = Array.from({ length: 1000 }, (_, index) => keys[index % keys.length]).filter((key) => !!key);
  const start = performance.now();
  const heaps: number[] = [];
  let cells = 0;
  await attemptAll(lab, some, {
    onCell: () => {
      cells++;
      if (cells === 100 || cells === 1000) heaps.push(heapUsed());
    },
  });
  const [first = 0, last = 0] = heaps;
  const heap = `heap ${mib(first)} after 100, ${mib(last)} after all`;
  line('1,000 blocked cells', performance.now() - start, heap);
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function named(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (!scenario) throw new Error(`There is no scenario ${name}`);
  return scenario;
}
