import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import { headed } from '../../model/origin.ts';
import { type Context, holdsLab } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { Live } from '../live.ts';
import { addJsonOption, checkDocuments, deliver } from '../options/documents.ts';

interface UpOptions {
  readonly dryRun?: true;
  readonly json?: string;
}

const help = `
With --dry-run: + is created, ~ is replaced, - is removed. The exit status is 0 if there is nothing to do, else 1.`;

/** `up`: brings the lab up and leaves it up; leaves alone what is up already. With `--dry-run` it changes nothing. */
export function addUp(program: Command, context: Context): void {
  const command = program
    .command('up')
    .description('bring the lab up and leave it up; what is up already stays as it is')
    .option('--dry-run', 'show what would change, and change nothing')
    .addHelpText('after', help)
    .action((options: UpOptions) => (options.dryRun ? dryRun(options, context) : up(options, context)));
  addJsonOption(command, 'with --dry-run, write the changes as JSON; - is standard output');
}

async function up({ json }: UpOptions, context: Context): Promise<void> {
  if (json !== undefined)
    throw new LabError('usage', 'option-not-applicable', '--json works only with --dry-run', 'Leave it out.');
  const { output, interruption, name } = context;
  const { networkPicture, startLab } = await whatUpNeeds();
  holdsLab(context);
  using live = await Live.on(output);
  live.waitFor('Bringing the lab up');
  await using lab = await startLab({
    name,
    ...(context.engine && { kind: context.engine }),
    keep: true,
    progress: (message) => output.progress(message),
    signal: interruption.signal,
  });
  output.result(networkPicture(lab.plan, output.styleFor(context)));
}

async function dryRun({ json }: UpOptions, context: Context): Promise<void> {
  const { output, name, interruption } = context;
  await checkDocuments({ json });
  const { chosenEngine, planLab, planReport, identityOf, originOf } = await whatDryRunNeeds();
  using live = await Live.on(output);
  live.waitFor('Comparing');
  const progress = (message: string) => output.progress(message);
  const engine = await chosenEngine(context);
  const changes = await planLab(engine, name, { progress, signal: interruption.signal });
  const result = { ...headed('plan', originOf(identityOf(engine))), name, by: engine.kind, changes };
  await deliver(output, json, result, () => planReport(name, changes));
  context.status = changes.length === 0 ? exitStatus.asExpected : exitStatus.differs;
}

/** Late imports. They stay out of functions with `using`, in which tsc 5.9 does not rewrite the paths' endings. */
async function whatUpNeeds() {
  const { networkPicture } = await import('../../report/text/network.ts');
  const { startLab } = await import('../late-imports.ts');
  return { networkPicture, startLab };
}

async function whatDryRunNeeds() {
  const { chosenEngine, planLab } = await import('../late-imports.ts');
  const { planReport } = await import('../../report/text/plan.ts');
  const { identityOf, originOf } = await import('../../trial/origin-of.ts');
  return { chosenEngine, planLab, planReport, identityOf, originOf };
}
