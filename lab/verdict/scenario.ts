import { type DriverName, driverNames, type TransferMode, transferModes } from '../ftp/attempt.ts';
import type { ClientName, ServerName } from '../network/topology.ts';
import type { RuleSet } from '../policy/rule-set.ts';
import { type CellKey, cellId, type Expectation } from './cell.ts';

/** Cells (every combination of the lists) and what each of them should come to. */
export interface ExpectedCells {
  readonly clients: readonly ClientName[];
  readonly servers: readonly ServerName[];
  /** Default: all four. */
  readonly modes?: readonly TransferMode[];
  /** Default: basic-ftp alone. */
  readonly drivers?: readonly DriverName[];
  /** Default: false. */
  readonly tls?: boolean;
  readonly expect: Expectation;
}

/** A question, the rule set that it is about, the cells that answer it, and the answers expected. */
export interface Scenario {
  /** Equal to the rule set's name and to the file's. */
  readonly name: string;
  /** Ends in a question mark. */
  readonly question: string;
  readonly ruleSet: RuleSet;
  /**
   * A control checks the lab, not the network: `open` must upload everywhere, `closed` must let nothing through.
   * Where a control fails, no verdict of that run counts.
   */
  readonly control?: 'open' | 'closed';
  /** Where two entries cover the same cell, the later one holds. */
  readonly cells: readonly ExpectedCells[];
}

/** The scenario's cells in the order that the entries name them, each once. */
export function cellsOf(scenario: Scenario): { readonly key: CellKey; readonly expected: Expectation }[] {
  const cells = new Map<string, { key: CellKey; expected: Expectation }>();
  const ruleSet = scenario.ruleSet.name;
  for (const { clients, servers, modes, drivers, tls = false, expect } of scenario.cells)
    for (const client of clients)
      for (const server of servers)
        for (const mode of modes ?? transferModes)
          for (const driver of drivers ?? [driverNames[0]]) {
            const key = { ruleSet, client, server, mode, driver, tls };
            cells.set(cellId(key), { key, expected: expect });
          }
  return [...cells.values()];
}

/** The scenario with these of its cells alone. */
export function withCells(scenario: Scenario, cells: ReturnType<typeof cellsOf>): Scenario {
  return {
    ...scenario,
    cells: cells.map(({ key, expected }) => ({
      clients: [key.client],
      servers: [key.server],
      modes: [key.mode],
      drivers: [key.driver],
      tls: key.tls,
      expect: expected,
    })),
  };
}
