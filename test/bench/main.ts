/**
 * `npm run bench`: the project's speed figures, each beside its floor, measured in the same run, by a Docker engine or by namespaces
 * (FTPLAB_ENGINE).
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bringUp } from '../../lab/engine/bring-up.ts';
import { findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { findEngine } from '../../lab/engine/find-engine.ts';
import { findProgram } from '../../lab/engine/install-packages.ts';
import { lockLab } from '../../lab/engine/lab-lock.ts';
import { type Lab, scenarios, startLab } from '../../lab/index.ts';
import { readResults } from '../../lab/model/result/read.ts';
import type { RunResult } from '../../lab/model/run-result.ts';
import { addressOf } from '../../lab/network/address-plan.ts';
import { blockedCells, matrixRate, thousandCells, uploadRate } from './cells.ts';
import { line, median, ms } from './figures.ts';
import { measureFloor } from './floor.ts';
import { measureNetnsFloor } from './netns-floor.ts';
import { openReport } from './report-page.ts';
import { startUp } from './start-up.ts';

const name = 'bench';
const rounds = 5;
const root = fileURLToPath(new URL('../..', import.meta.url));

const engine = await findEngine({ lab: name });
const onDocker = engine.kind === 'docker';
/** What the lab's goals are, on two cores. */
const most = onDocker
  ? { ruleSet: 50, exposure: 5000, run: 30_000 }
  : { ruleSet: 50, exposure: 2500, run: 15_000 };
console.log(`by ${engine.name}, ${engine.version}`);
await engine.prepare({ progress: (line) => console.error(line) });
await startUp(root, name);
await upAndDown();
{
  await using lab = await startLab({ name });
  await ruleSets(lab);
  await sessions(lab);
  await uploadRate(lab);
  await blockedCells(lab);
  await thousandCells(lab);
  await matrixRate(lab);
  await exposures(lab);
}
await wholeRun();

/** `up` and `down` in turn with the same resources made by bare calls. */
async function upAndDown(): Promise<void> {
  await using _lock = await lockLab(name);
  const figures = {
    up: [] as number[],
    down: [] as number[],
    floorUp: [] as number[],
    floorDown: [] as number[],
  };
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    const { stackFile } = await bringUp(engine, name);
    const up = performance.now();
    await engine.down(name);
    const end = performance.now();
    const floor = await (onDocker
      ? measureFloor(await findDaemon(), stackFile)
      : measureNetnsFloor(stackFile));
    if (round === 0) continue;
    figures.up.push(up - start);
    figures.down.push(end - up);
    figures.floorUp.push(floor.up);
    figures.floorDown.push(floor.down);
  }
  const floorUp = median(figures.floorUp);
  const floorDown = median(figures.floorDown);
  const goals = onDocker ? { up: 1.3 * floorUp + 600, down: 1.3 * floorDown } : { up: 500, down: 50 };
  line('up', median(figures.up), `floor ${ms(floorUp)}, at most ${ms(goals.up)}`);
  line('down', median(figures.down), `floor ${ms(floorDown)}, at most ${ms(goals.down)}`);
  if (!onDocker) mininet();
}

/** As many hosts on one switch, without a daemon, by Mininet. */
function mininet(): void {
  if (findProgram('mn') === undefined) {
    console.log('Mininet is not installed.');
    return;
  }
  const start = performance.now();
  const args = ['--topo', 'single,8', '--switch', 'lxbr', '--controller', 'none', '--test', 'none'];
  const { status } = spawnSync('mn', args, { stdio: 'ignore' });
  if (status === 0) line('Mininet, 8 hosts, up and down', performance.now() - start, '');
  else console.log('Mininet is installed and does not work.');
}

/** From the call of `load` to the rules being in force on both firewalls, going from each rule set to the next. */
async function ruleSets(lab: Lab): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++)
    for (const { ruleSet } of scenarios) {
      const start = performance.now();
      await lab.load(ruleSet);
      if (round > 0) times.push(performance.now() - start);
    }
  line('rule set in force', median(times), `at most ${ms(most.ruleSet)}`);
}

/** A cell that uploads, in turn with the same steps by basic-ftp alone in the same container. */
async function sessions(lab: Lab): Promise<void> {
  const open = scenarios.find(({ control }) => control === 'open');
  if (!open) throw new Error('There is no open control');
  await lab.load(open.ruleSet);
  const script = await bundle('bare-session.ts');
  const bare: number[] = [];
  const cells: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const command = ['node', '-e', script, 'bare-session', addressOf(lab.plan, 'vsftpd'), '12'];
    const { code, stdout, stderr } = await engine.run({ lab: name, host: 'y-workstation' }, command);
    if (code !== 0) throw new Error(`The bare session failed: ${stderr}`);
    // The first sessions of a process pay for its compiler; the agent has been running for a while.
    if (round > 0) bare.push(...(JSON.parse(stdout) as number[]).slice(2));
    for (let cell = 0; cell < 10; cell++) {
      const { ms, verdict } = await lab.attempt({ client: 'y-workstation', server: 'vsftpd', mode: 'epsv' });
      if (!verdict.uploaded) throw new Error(verdict.sentence);
      if (round > 0) cells.push(ms);
    }
  }
  const floor = median(bare);
  line('cell that uploads', median(cells), `floor ${ms(floor)}, at most ${ms(1.5 * floor)}`);
}

/** Every TCP port on all lines: where next to nothing gets through, and where all high ports do. */
async function exposures(lab: Lab): Promise<void> {
  for (const wanted of ['ftp-filter', 'high-ports-outbound']) {
    const scenario = scenarios.find((each) => each.name === wanted);
    if (!scenario) throw new Error(`There is no scenario ${wanted}`);
    await lab.load(scenario.ruleSet);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) times.push((await lab.measureExposure()).summary.ms);
    line(`exposure of ${wanted}`, median(times), `at most ${ms(most.exposure)}`);
  }
}

/** The default `run` as a user calls it, images built, no lab up. */
async function wholeRun(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ftplab-bench-'));
  const file = join(folder, 'run.json');
  const times: number[] = [];
  let run: RunResult | undefined;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    await new Promise<void>((resolve, reject) => {
      const args = [join(root, 'bin/ftplab.js'), 'run', '--name', name, '--json', file];
      const child = spawn(process.execPath, args, { stdio: 'ignore' });
      child.once('error', reject);
      child.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`ftplab run ended with ${code}`)),
      );
    });
    times.push(performance.now() - start);
    const [result] = readResults(file, await readFile(file, 'utf8'));
    if (result?.kind === 'run') run = result;
  }
  if (!run) return;
  line(`whole run, ${run.cells.length} cells`, median(times), `at most ${ms(most.run)}`);
  const reading = ['--import', 'tsx', join(root, 'test/bench/read-result.ts'), file];
  spawnSync(process.execPath, reading, { stdio: 'inherit', cwd: root });
  await rm(folder, { recursive: true });
  const opened = await openReport(run, 1000);
  if (typeof opened === 'string') console.error(`The report was not opened: ${opened}`);
  else line('report of 1,000 cells opens', median(opened), 'at most 1 s');
}

async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/bench', file)],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
