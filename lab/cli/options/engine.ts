import { type Command, Option } from 'commander';

/** What can make a lab out of the synthesized stack. */
export type EngineKind = 'docker' | 'terraform';

/** Adds `--engine`: which of the two makes, compares or removes the lab. */
export function addEngineOption(command: Command): Command {
  return command.addOption(
    new Option('--engine <engine>', 'what carries it out: the lab itself, or Terraform (or OpenTofu)')
      .choices(['docker', 'terraform'] satisfies EngineKind[])
      .default('docker'),
  );
}
