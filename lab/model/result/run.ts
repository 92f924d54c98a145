/* The schema of a run: cells that were attempted, and under what. */

import { z } from 'zod';
import type { Data } from '../../data.ts';
import { addressPlan } from '../../network/plan-schema.ts';
import { cell } from './cell.ts';
import { demands } from './demands.ts';
import { exposure } from './exposure.ts';
import { headOf } from './head.ts';
import { rulesPlace } from './name-schemas.ts';
import { rulesNote } from './note.ts';
import { rulesUsed } from './rule-use.ts';

export const firewallRules = z.strictObject({
  iptables: z.string().describe('iptables-restore(8) input.'),
  iptables6: z
    .string()
    .exactOptional()
    .describe(
      'ip6tables-restore(8) input. Absent if there are no rules for IPv6: the kernel then lets all of it pass.',
    ),
  nft: z.string().nullable().describe('nft -f input, for what iptables cannot do.'),
  ruleset: z
    .string()
    .exactOptional()
    .describe("nft -f input that stands in place of iptables' tables: a user's own rules in nft's language."),
  sets: z
    .string()
    .exactOptional()
    .describe('ipset restore input: the sets that the rules refer to. Absent if there are none.'),
  addresses: z
    .array(z.strictObject({ device: z.string(), address: z.string() }))
    .exactOptional()
    .describe(
      'Further addresses of interfaces, at which the rules publish servers. Absent if there are none.',
    ),
});
/** What a firewall loads: `iptables-restore` input, and an `nft -f` companion for what iptables cannot do. */
export interface FirewallRules extends Data<typeof firewallRules> {}

export const rulesByPlace = z.record(rulesPlace, firewallRules).meta({
  id: 'rulesByPlace',
  description: 'Each firewall has rules; a client or server if it has some of its own.',
});
/** What each place with rules loads. */
export type RulesByPlace = Data<typeof rulesByPlace>;

const setting = z.strictObject({
  plan: addressPlan.nullable().describe('null if parts of the run were tried at different addresses.'),
  notes: z
    .array(rulesNote)
    .exactOptional()
    .describe('What the reader of the verdicts should know of the rules.'),
  ruleSets: z.array(
    z.strictObject({
      name: z.string(),
      question: z.string().nullable().describe('The question that the rule set answers.'),
      staged: z.boolean().exactOptional().describe('Whether it belongs to a scenario that stages a cause.'),
      firewalls: rulesByPlace
        .nullable()
        .describe('null if parts of the run had it loaded for different addresses.'),
      used: rulesUsed.exactOptional(),
    }),
  ),
});
/** The circumstances of a run: the lab's addresses, and what its firewalls had loaded. */
export interface Setting extends Data<typeof setting> {}

const skippedScenario = z.strictObject({
  name: z.string(),
  reason: z.string().describe('What the kernel, or iptables, said.'),
});
/** A scenario that this machine cannot stage. */
export interface SkippedScenario extends Data<typeof skippedScenario> {}

const shard = z.strictObject({ index: z.int().min(1), count: z.int().min(1) });
/** One of `count` parts of a run that are made separately, for example on several machines. `index` counts from 1. */
export interface Shard extends Data<typeof shard> {}

export const runResult = z
  .strictObject({
    ...headOf('run'),
    cells: z.array(cell),
    setting: setting.exactOptional().describe('What the cells were tried under.'),
    exposures: z
      .array(exposure)
      .exactOptional()
      .describe('What else rule sets of the run let through, if that was measured.'),
    summary: z.strictObject({
      cells: z.int(),
      asExpected: z
        .int()
        .describe(
          'Cells whose verdict was the expected one; cells without an expectation count neither way.',
        ),
      ms: z.number(),
      void: z
        .string()
        .nullable()
        .describe('Why no verdict of this run counts: a control failed. null if they count.'),
      skipped: z
        .array(skippedScenario)
        .describe('Scenarios that were not tried, because this kernel cannot load their rules.'),
      demands: demands
        .exactOptional()
        .describe('What was asked of the rules; with empty lists if nothing was.'),
      shard: shard.exactOptional().describe('Which part of a run this is, if it is not a whole one.'),
      missing: z
        .array(z.string())
        .exactOptional()
        .describe('Ids of the planned cells that were not tried, if the run was cut short.'),
      phases: z
        .strictObject({ up: z.number(), cells: z.number(), down: z.number() })
        .describe('Time per phase: bringing the lab up, the cells, taking it down.'),
    }),
  })
  .describe('The results of cells: run, try and explain. Times are in milliseconds.');
/** The results of a run. Times in milliseconds. */
export interface RunResult extends Data<typeof runResult> {}
