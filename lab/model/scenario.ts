import type { ClientName, ServerName } from '../network/topology.ts';
import { type DriverName, driverNames, extendedModes, type TransferMode, transferModes } from './attempt.ts';
import type { Cause } from './cause.ts';
import { type CellKey, callOf, cellId, type Expectation } from './cell.ts';
import { isAble } from './drivers.ts';
import type { IptablesRuleSet, RuleSet } from './rule-set.ts';

/** Cells (every combination of the lists) and the expected result of each. */
export interface ExpectedCells<Expected extends Expectation | null = Expectation> {
  readonly clients: readonly ClientName[];
  readonly servers: readonly ServerName[];
  /** Default: all four. */
  readonly modes?: readonly TransferMode[];
  /** Default: basic-ftp alone. */
  readonly drivers?: readonly DriverName[];
  /** Default: false. */
  readonly tls?: boolean;
  /** Whether the clients call by IPv6. Default: by IPv4. */
  readonly ipv6?: true;
  /** Whether they call by a name that has addresses of both, and choose. */
  readonly named?: true;
  /** How often each is attempted, if chance has a say. Default: once. */
  readonly repeat?: number;
  readonly expect: Expected;
}

/**
 * A question, the rule set that it is about, the cells that answer it, and the answers expected: all of them, unless the
 * type says that there may be none.
 */
export interface Scenario<Expected extends Expectation | null = Expectation> {
  /** Equal to the rule set's name and to the file's. */
  readonly name: string;
  /** Ends in a question mark. */
  readonly question: string;
  readonly ruleSet: RuleSet | IptablesRuleSet;
  /** The cause that it stages; `none` for the counter-proof of another cause. */
  readonly stages?: Cause;
  /**
   * A control checks the lab, not the network: `open` must upload everywhere, `closed` must let nothing through.
   * If a control fails, no verdict of that run counts.
   */
  readonly control?: 'open' | 'closed';
  /** If two entries cover the same cell, the later one holds. */
  readonly cells: readonly ExpectedCells<Expected>[];
}

export interface ScenarioCell<Expected extends Expectation | null = Expectation> {
  readonly key: CellKey;
  readonly expected: Expected;
  /** How often it is attempted. */
  readonly repeat?: number;
}

/** The scenario's cells in the order that the entries name them, each once. */
export function cellsOf<Expected extends Expectation | null>(
  scenario: Scenario<Expected>,
): ScenarioCell<Expected>[] {
  const cells = new Map<string, ScenarioCell<Expected>>();
  const ruleSet = scenario.ruleSet.name;
  for (const { clients, servers, modes, drivers, tls = false, ipv6, named, repeat, expect } of scenario.cells)
    for (const client of clients)
      for (const server of servers)
        for (const mode of modes ?? transferModes)
          for (const driver of drivers ?? [driverNames[0]]) {
            const key = {
              ruleSet,
              client,
              server,
              mode,
              driver,
              tls,
              ...callOf({ ipv6, named }),
            };
            cells.set(cellId(key), { key, expected: expect, ...(repeat !== undefined && { repeat }) });
          }
  return [...cells.values()];
}

/** The scenario with only these of its cells. */
export function withCells<Expected extends Expectation | null>(
  scenario: Scenario<Expectation | null>,
  cells: readonly ScenarioCell<Expected>[],
): Scenario<Expected> {
  return {
    ...scenario,
    cells: cells.map(({ key, expected, repeat }) => ({
      clients: [key.client],
      servers: [key.server],
      modes: [key.mode],
      drivers: [key.driver],
      tls: key.tls,
      ...callOf(key),
      ...(repeat !== undefined && { repeat }),
      expect: expected,
    })),
  };
}

/**
 * The scenario's cells made by these programs, as far as they can: same ends and modes, with the
 * expectation if the scenario speaks of that program, else with none.
 */
export function withPrograms(
  scenario: Scenario,
  {
    drivers,
    tls,
    ipv6,
  }: { readonly drivers: readonly DriverName[]; readonly tls: boolean; readonly ipv6?: true },
): Scenario<Expectation | null> {
  const known = new Map(cellsOf(scenario).map((cell) => [cellId(cell.key), cell]));
  const made = new Map<string, ScenarioCell<Expectation | null>>();
  for (const { key } of known.values())
    for (const driver of drivers) {
      if (key.named || !isAble(driver, { mode: key.mode, tls, ipv6: ipv6 ?? key.ipv6 })) continue;
      // What the client would not choose by itself.
      if (ipv6 && !(extendedModes as readonly TransferMode[]).includes(key.mode)) continue;
      const own = { ...key, driver, tls, ...(ipv6 && { ipv6 }) };
      made.set(cellId(own), known.get(cellId(own)) ?? { key: own, expected: null });
    }
  return withCells(scenario, [...made.values()]);
}
