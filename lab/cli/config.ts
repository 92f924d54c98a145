import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../errors.ts';
import type { Config } from '../model/config.ts';
import { subnetNames } from '../network/topology.ts';
import { suggestionFor } from '../suggest.ts';
import type { Context } from './context.ts';
import { type Named, named } from './options/names.ts';

const fileNames = ['ftplab.config.ts', 'ftplab.config.mts', 'ftplab.config.js', 'ftplab.config.mjs'];

/**
 * The configuration of a folder: the first one found there or in a folder above, up to the root of its repository or the user's home folder.
 * A folder in neither has only its own.
 */
export function findConfig(folder: string, home = homedir()): string | undefined {
  const folders = [folder];
  for (let at = folder; dirname(at) !== at; at = dirname(at)) folders.push(dirname(at));
  const top = folders.findIndex((at) => at === home || existsSync(join(at, '.git')));
  return folders
    .slice(0, top + 1 || 1)
    .flatMap((at) => fileNames.map((name) => join(at, name)))
    .find((file) => existsSync(file));
}

/** Whether a file is the user's own, or root's: a program that somebody else left in a folder is not run unasked. */
function isTrusted(file: string): boolean {
  const own = [process.getuid?.(), 0, Number(process.env.SUDO_UID ?? Number.NaN)];
  return own.includes(statSync(file).uid);
}

/**
 * Reads the configuration: the file that `--config` names, or the one that is found, unless `--no-config` says none. Says which on standard error.
 * Throws LabError `usage` if anything is wrong with it.
 */
export async function configFor(
  named: string | boolean | undefined,
  { output }: Context,
): Promise<{ readonly file: string; readonly config: Config } | undefined> {
  const found = typeof named === 'string' ? named : named === false ? undefined : findConfig(process.cwd());
  if (found === undefined) return undefined;
  const file = typeof named === 'string' ? named : relative('.', found);
  if (typeof named !== 'string' && !isTrusted(file)) {
    output.message(`${file} belongs to another user and is not read; --config ${file} reads it.`);
    return undefined;
  }
  if (!existsSync(file)) throw new LabError('usage', 'file-unreadable', `${file} does not exist`);
  output.progress(`Reading ${file}`);
  const { readConfig } = await import('../trial/config-file.ts');
  return { file, config: await readConfig(file) };
}

/** Throws LabError `config-malformed` if a configuration names a subnet that the network does not have. */
export function checkSubnets({ subnets = {} }: Config, file: string): void {
  const unknown = Object.keys(subnets).find((name) => !subnetNames().includes(name));
  if (unknown === undefined) return;
  throw new LabError(
    'usage',
    'config-malformed',
    `${file}: subnets names "${unknown}", and there is no such subnet`,
    suggestionFor(unknown, subnetNames()),
  );
}

/** The options of a command that a configuration sets, as their parsers would have them. */
function valuesOf({
  on,
  inside,
  outside,
  interface: own,
  subnets = {},
  hosts = {},
  ipset,
  need,
  forbid,
  before,
}: Config): Record<string, unknown> {
  const pairs = (values: NonNullable<Config['hosts']>) =>
    Object.entries(values).flatMap(([name, given]) =>
      [given].flat().map((value): Named => ({ name, value })),
    );
  return {
    on,
    inside: inside && named(inside),
    outside: outside && named(outside),
    interface: typeof own === 'string' ? [own] : own,
    subnet: pairs(subnets),
    host: pairs(hosts),
    ipset,
    need,
    forbid,
    before,
  };
}

/** Options with a value for each of several things: the command line's come last and hold. */
const added = ['subnet', 'host'];

/** Gives a command the options that the configuration sets and the command line does not. Returns which. */
export function applyConfig(config: Config, command: Command): string[] {
  const known = command.options.map((option) => option.attributeName());
  return Object.entries(valuesOf(config)).flatMap(([name, value]) => {
    if (!known.includes(name) || value === undefined) return [];
    const given = command.getOptionValueSource(name) === 'cli';
    if (given && !added.includes(name)) return [];
    const former = given ? command.getOptionValue(name) : [];
    command.setOptionValueWithSource(
      name,
      added.includes(name) ? [...(value as Named[]), ...former] : value,
      'config',
    );
    return given ? [] : [name];
  });
}
