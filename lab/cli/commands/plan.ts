import type { Command } from 'commander';
import { planReport } from '../../report/text/plan.ts';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { Live } from '../live.ts';

interface PlanOptions {
  readonly json?: true;
}

const planHelp = `
+ is made, ~ is made anew, - is removed. The exit status is 0 where there is nothing to do, 1 otherwise.`;

/** `plan`: what `up` would change, by either engine; changes nothing. */
export function addPlan(program: Command, context: Context): void {
  program
    .command('plan')
    .description('show what up would change, and change nothing')
    .option('--json', 'as a JSON document')
    .addHelpText('after', planHelp)
    .action(async ({ json }: PlanOptions) => {
      const { output, name, interruption } = context;
      const { chosenEngine, planLab } = await import('../engine.ts');
      using live = await Live.on(output);
      live.waitFor('Comparing');
      const progress = (message: string) => output.progress(message);
      const engine = await chosenEngine(context);
      const changes = await planLab(engine, name, { progress, signal: interruption.signal });
      if (json)
        output.document(`${JSON.stringify({ version: 1, name, engine: engine.kind, changes }, null, 2)}\n`);
      else output.result(planReport(name, changes));
      context.status = changes.length === 0 ? exitStatus.asExpected : exitStatus.differs;
    });
}
