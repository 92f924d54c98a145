import { type Command, Option } from 'commander';

/** What a user asks of rules. */
export interface DemandFlags {
  readonly need?: string[];
  readonly forbid?: string[];
}

/** Adds `--need CELL` and `--forbid CELL`. */
export function addDemandOptions(command: Command): Command {
  return command
    .optionsGroup('What you ask of the rules:')
    .addOption(needOption())
    .option('--forbid <cell>', 'an upload that must not work (may be given again)', again)
    .optionsGroup('Options:');
}

/** `--need CELL`, which may be given again. */
export function needOption(): Option {
  return new Option('--need <cell>', 'an upload that must work (may be given again)').argParser(again);
}

function again(cell: string, earlier: string[] = []): string[] {
  return [...earlier, cell];
}
