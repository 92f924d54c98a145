import { z } from 'zod';
import { LabError } from '../errors.ts';
import { driverNames, stepNames, transferModes } from '../ftp/attempt.ts';
import { slotCount } from '../network/address-plan.ts';
import { allServerNames, clientNames, firewallNames } from '../network/topology.ts';
import { causes } from './cause.ts';
import type { RunResult } from './run-result.ts';

/* What a report needs of a document; what else is in it is handed on as it is. */

const step = z.looseObject({
  name: z.enum(stepNames),
  outcome: z.enum(['ok', 'failed', 'skipped']),
  reply: z.string(),
  ms: z.number(),
});

const verdict = z.looseObject({
  uploaded: z.boolean(),
  failedAt: z.enum(stepNames).nullable(),
  cause: z.enum(causes),
  firewall: z.enum(firewallNames).nullable(),
  rule: z.string().nullable(),
  packet: z.looseObject({ source: z.string(), destination: z.string() }).nullable(),
  sentence: z.string(),
});

const cell = z.looseObject({
  id: z.string(),
  ruleSet: z.string(),
  client: z.enum(clientNames),
  server: z.enum(allServerNames),
  mode: z.enum(transferModes),
  driver: z.enum(driverNames),
  tls: z.boolean(),
  steps: z.array(step),
  verdict,
  expected: z.looseObject({ uploaded: z.boolean(), cause: z.enum(causes) }).nullable(),
  asExpected: z.boolean().nullable(),
  ms: z.number(),
});

const rules = z.object({ iptables: z.string(), nft: z.string().nullable() });

const setting = z.looseObject({
  slot: z
    .int()
    .min(0)
    .max(slotCount - 1),
  ruleSets: z.array(
    z.looseObject({
      name: z.string(),
      question: z.string().nullable(),
      firewalls: z.record(z.enum(firewallNames), rules),
    }),
  ),
});

const document = z.looseObject({
  version: z.literal(1),
  cells: z.array(cell),
  setting: setting.optional(),
  summary: z.looseObject({
    ms: z.number(),
    void: z.string().nullable(),
    skipped: z.array(z.looseObject({ name: z.string(), reason: z.string() })).default([]),
    shard: z.object({ index: z.number(), count: z.number() }).optional(),
    phases: z.looseObject({ up: z.number(), cells: z.number(), down: z.number() }),
  }),
});

/** Reads the document that `--json` writes. Throws LabError `not-a-result` that names the file and what is wrong. */
export function readRun(file: string, text: string): RunResult {
  const refuse = (why: string, cause: unknown) =>
    new LabError(
      'usage',
      'not-a-result',
      `${file} is no result of ftplab: ${why}`,
      '"ftplab run --json FILE" writes one.',
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
  const parsed = document.safeParse(value);
  if (parsed.success) return parsed.data as unknown as RunResult;
  const [issue] = parsed.error.issues;
  throw refuse(`${issue?.path.join('.') || 'the document'}: ${issue?.message}`, parsed.error);
}
