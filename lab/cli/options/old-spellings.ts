import { type Command, Option } from 'commander';
import { LabError } from '../../errors.ts';

/** Commands of former versions: what to write now, given the words that followed. */
const oldCommands: Readonly<Record<string, (words: string) => string>> = {
  watch: (words) => `ftplab try --watch${words}`,
  'change-request': () => 'ftplab compare BEFORE AFTER --write NAME',
  plan: (words) => `ftplab up --dry-run${words}`,
  ports: (words) => `ftplab diagnose --ports${words}`,
  graph: () => 'ftplab status --graph FORMAT',
};

/** Makes commands of former versions answer with what to write now. */
export function addOldCommands(program: Command): void {
  for (const [name, now] of Object.entries(oldCommands))
    program
      .command(name, { hidden: true })
      .argument('[words...]')
      .allowUnknownOption()
      .helpOption(false)
      .action((words: string[]) => {
        throw oldSpelling(`The command "${name}" was replaced`, now(['', ...words].join(' ')));
      });
}

/** Makes an option of former versions answer with what to write now, given its value. */
export function addOldOption(command: Command, flags: string, now: (value: string) => string): Command {
  const option = new Option(flags).hideHelp().argParser((value: string) => {
    throw oldSpelling(`The option ${flags.replace(/ .*/, '')} was replaced`, now(value));
  });
  return command.addOption(option);
}

/** What is wrong, and what to write instead. */
export function oldSpelling(message: string, now: string): LabError {
  return new LabError('usage', 'old-spelling', message, `Write: ${now}`);
}
