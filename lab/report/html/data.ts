import { type AddressPlan, firewallAddress } from '../../network/address-plan.ts';
import { firewallNames } from '../../network/topology.ts';
import type { CellResult } from '../../verdict/cell.ts';
import type { RunResult, Setting } from '../../verdict/run-result.ts';
import { reachMeaning, reachOf } from '../reach.ts';

/*
 * What the page's own script works with. It is embedded in the page as JSON, and has in it all that is known of the run:
 * a report is also a record.
 */

/** A cell with the words that the matrix shows for it. */
export interface PageCell extends CellResult {
  /** How far the client got: the matrix's word, and what it means. */
  readonly reach: string;
  readonly meaning: string;
  /** The built-in chain that the refused packet went through on its way: to the firewall itself, or through it. */
  readonly chain: 'INPUT' | 'FORWARD';
}

export interface PageData {
  readonly cells: readonly PageCell[];
  readonly setting: Setting | null;
}

export function pageData({ cells, setting }: RunResult): PageData {
  return {
    cells: cells.map((cell) => {
      const reach = reachOf(cell);
      const local = setting !== undefined && own(setting.plan).has(destinationOf(cell));
      return { ...cell, reach, meaning: reachMeaning[reach], chain: local ? 'INPUT' : 'FORWARD' };
    }),
    setting: setting ?? null,
  };
}

/** The firewalls' own addresses. */
function own(plan: AddressPlan): Set<string> {
  return new Set(
    firewallNames.flatMap((name) => [
      firewallAddress(plan, name, 'inside'),
      firewallAddress(plan, name, 'outside'),
    ]),
  );
}

function destinationOf({ verdict: { packet } }: CellResult): string {
  return packet?.destination.replace(/:\d+$/, '') ?? '';
}

/** JSON for a script element: no text in it, not even a rule's comment, can end the element. */
export function embeddedJson(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
