import type { Command } from 'commander';
import { headed } from '../../model/origin.ts';
import type { Context } from '../context.ts';
import { statusOfChecks } from '../exit-status.ts';
import { addJsonOption, deliver } from '../options/documents.ts';

/** `doctor`: what the lab needs, and what of it this machine has. */
export function addDoctor(program: Command, context: Context): void {
  const command = program
    .command('doctor')
    .description(
      'check what the lab needs on this machine, what for, and which scenarios and commands need it',
    )
    .option('--fix', 'install and build what is missing (the engine on Debian and Ubuntu, as root)')
    .action(async ({ fix: fixes, json }: { fix?: true; json?: string }) => {
      const { output, interruption } = context;
      const { scenarios } = await import('../../../scenarios/index.ts');
      const { checkList } = await import('../../report/text/checks.ts');
      const { originOf } = await import('../../trial/origin-of.ts');
      const [{ examine }, { fix }] = await Promise.all([
        import('../../doctor/examine.ts'),
        import('../../doctor/install.ts'),
      ]);
      const kind = context.engine && { kind: context.engine };
      if (fixes)
        await fix({ ...kind, progress: (message) => output.progress(message), signal: interruption.signal });
      const { checks, engine } = await examine(scenarios, context.engine);
      const result = { ...headed('checks', originOf(engine)), checks };
      await deliver(output, json, result, (style) => checkList(checks, style));
      context.status = statusOfChecks(checks);
    });
  addJsonOption(command);
}
