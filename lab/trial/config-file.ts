import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { z } from 'zod';
import { engineKinds } from '../engine/engine.ts';
import { LabError } from '../errors.ts';
import { misshapenText } from '../misshapen.ts';
import type { Config } from '../model/config.ts';
import { networkDefinition } from '../network/definition.ts';
import { suggestionFor } from '../suggest.ts';
import { loadDefaultExport } from './load-module.ts';

const word = z.string().min(1, 'it says nothing; leave it out');
const words = z.array(word);
const byName = z.record(z.string(), z.string());
const listed = z.record(z.string(), z.union([word, words]));
const side = word.regex(/^[^=]+(=.+)?$/, 'write an interface, or an interface, "=" and its address');

/** Every field of a {@link Config}. Names of hosts are for those to check who know what they are for. */
const shape = {
  names: byName.optional(),
  rules: word.optional(),
  before: word.optional(),
  on: word.optional(),
  inside: side.optional(),
  interface: z.union([word, words]).optional(),
  outside: side.optional(),
  subnets: listed.optional(),
  hosts: listed.optional(),
  ipset: word.optional(),
  need: words.optional(),
  forbid: words.optional(),
  engine: z.enum(engineKinds).optional(),
  network: z.union([word, networkDefinition]).optional(),
  scenarios: word.optional(),
} satisfies Record<keyof Config, z.ZodType>;

const schema = z.strictObject(shape);

/**
 * Reads a file that exports a {@link Config}; paths in it become relative to the working folder. The file runs apart, as rule sets do. Throws
 * LabError `usage` that names the file: `config-malformed` or `config-key-unknown`, those of names, or those of the module.
 */
export async function readConfig(file: string): Promise<Config> {
  const { exported } = await loadDefaultExport(file, 'the configuration');
  const checked = schema.safeParse(exported);
  if (!checked.success) throw malformed(file, checked.error, exported);
  const config = checked.data as Config;
  const folder = dirname(resolve(file));
  const path = (word: string) => {
    const own = resolve(folder, word);
    // A word alone may be a shipped rule set.
    return existsSync(own) || /[./\\]/.test(word) ? relative('.', own) : word;
  };
  const { network, scenarios, rules, before, ipset } = config;
  return {
    ...config,
    ...(typeof network === 'string' && { network: path(network) }),
    ...(scenarios !== undefined && { scenarios: path(scenarios) }),
    ...(rules !== undefined && { rules: path(rules) }),
    ...(before !== undefined && { before: path(before) }),
    ...(ipset !== undefined && { ipset: path(ipset) }),
  };
}

function malformed(file: string, error: z.ZodError, value: unknown): LabError {
  const unknown = error.issues.find((issue) => issue.code === 'unrecognized_keys' && issue.path.length === 0);
  if (unknown?.code === 'unrecognized_keys') {
    const [key = ''] = unknown.keys;
    const known = Object.keys(shape);
    const meant = suggestionFor(key, known);
    return new LabError(
      'usage',
      'config-key-unknown',
      `${file} has the key "${key}", which means nothing to the lab`,
      meant.startsWith('Did') ? `${meant} There are: ${known.join(', ')}.` : meant,
      { cause: error },
    );
  }
  return new LabError(
    'usage',
    'config-malformed',
    `${file}: ${misshapenText(error, value, 'its default export')}`,
    'docs/names.md shows what it may hold.',
    { cause: error },
  );
}
