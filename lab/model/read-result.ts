import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { allServerNames, clientNames, firewallNames, subnetNames } from '../network/topology.ts';
import { printableData } from '../printable.ts';
import { driverNames, stepNames, transferModes } from './attempt.ts';
import { causes } from './cause.ts';
import type { Exposure } from './exposure.ts';
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

const evidence = z.looseObject({
  startedAt: z.string(),
  firewalls: z.array(z.enum(firewallNames)),
  stepStarts: z.partialRecord(z.enum(stepNames), z.number()),
  transcript: z.array(
    z.looseObject({ from: z.enum(['client', 'server']), text: z.string(), ms: z.number() }),
  ),
  connections: z.array(
    z.looseObject({ ms: z.number(), packets: z.array(z.looseObject({ ms: z.number() })) }),
  ),
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
  evidence: evidence.optional(),
  pcap: z.string().optional(),
  ms: z.number(),
});

const rules = z.object({ iptables: z.string(), nft: z.string().nullable() });

const subnet = z.custom<string>((text) => typeof text === 'string' && ipaddr.IPv4.isValidCIDR(text));

const plan = z.looseObject({
  subnets: z.record(z.enum(subnetNames), subnet),
  numbers: z.record(z.string(), z.int().min(1)).optional(),
});

const setting = z.looseObject({
  plan: plan.nullable(),
  notes: z.array(z.string()).optional(),
  ruleSets: z.array(
    z.looseObject({
      name: z.string(),
      question: z.string().nullable(),
      firewalls: z.record(z.enum(firewallNames), rules).nullable(),
    }),
  ),
});

const range = z.tuple([z.int(), z.int()]);

const exposure = z.looseObject({
  version: z.literal(1),
  ruleSet: z.string(),
  lines: z.array(
    z.looseObject({
      from: z.string(),
      to: z.string(),
      networks: z.tuple([z.string(), z.string()]),
      open: z.array(range),
    }),
  ),
  pinholes: z.array(z.looseObject({ firewall: z.enum(firewallNames) })),
  summary: z.looseObject({ ports: z.number(), inbound: z.number(), mayVary: z.boolean() }),
});

const document = z.looseObject({
  version: z.literal(1),
  cells: z.array(cell),
  setting: setting.optional(),
  exposures: z.array(exposure).optional(),
  summary: z.looseObject({
    ms: z.number(),
    void: z.string().nullable(),
    skipped: z.array(z.looseObject({ name: z.string(), reason: z.string() })).default([]),
    shard: z.object({ index: z.number(), count: z.number() }).optional(),
    phases: z.looseObject({ up: z.number(), cells: z.number(), down: z.number() }),
  }),
});

/**
 * Reads the document that `--json` writes: of `run`, `try` or `explain` a run, of `exposure` what was measured. Throws
 * LabError `not-a-result` that names the file and what is wrong.
 */
export function readResult(file: string, text: string): RunResult | Exposure {
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
    value = printableData(JSON.parse(text));
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
  const measured = typeof value === 'object' && value !== null && 'ruleSet' in value && 'lines' in value;
  const parsed = (measured ? exposure : document).safeParse(value);
  if (parsed.success) return parsed.data as unknown as RunResult | Exposure;
  const [issue] = parsed.error.issues;
  throw refuse(`${issue?.path.join('.') || 'the document'}: ${issue?.message}`, parsed.error);
}

export function isExposure(result: RunResult | Exposure): result is Exposure {
  return 'lines' in result;
}
