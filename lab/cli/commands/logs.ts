import type { Command } from 'commander';
import { oneHostOf } from '../../model/names.ts';
import { firewallNames } from '../../network/topology.ts';
import type { Context } from '../context.ts';
import type { LogsOptions } from '../firewall-log.ts';
import { addJsonOption, checkDocuments, writeDocument } from '../options/documents.ts';
import { positiveInteger } from '../options/positive-integer.ts';

/** `logs`: what a firewall decided, in the words of an ISA firewall log. */
export function addLogs(program: Command, context: Context): void {
  const command = program
    .command('logs')
    .description('show what a firewall decided, connection by connection, in the form of an ISA Server log')
    .argument('<firewall>', firewallNames().join(', '))
    .option('--follow', 'continue until interrupted')
    .option('--tail <n>', 'show the last N entries', positiveInteger, 50)
    .action(async (text: string, options: LogsOptions) => {
      const firewall = oneHostOf('firewall', text, firewallNames(), context.names);
      if (options.json !== undefined) {
        await checkDocuments({ json: options.json });
        await writeDocument('json', options.json, '', context.output);
      }
      const { chosenEngine, requireUp } = await import('../late-imports.ts');
      const engine = await chosenEngine(context);
      await requireUp(engine, context.name);
      const { showLog } = await import('../firewall-log.ts');
      await showLog(engine, { lab: context.name, host: firewall }, context, options);
    });
  addJsonOption(command, 'write each entry as a line of JSON; - is standard output');
}
