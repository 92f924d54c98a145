import type { Progress } from './errors.ts';
import type { TransferMode } from './ftp/attempt.ts';
import type { AddressPlan } from './network/address-plan.ts';
import type { ClientName, FirewallName, ServerName } from './network/topology.ts';
import type { FirewallRules, RuleSet } from './policy/rule-set.ts';
import type { CellResult, Expectation } from './verdict/cell.ts';
import type { RunResult } from './verdict/run-result.ts';
import type { Scenario } from './verdict/scenario.ts';

export interface LabOptions {
  /** Labs with different names run side by side. Default `ftplab`. */
  readonly name?: string;
  /** Leave the lab up when it is disposed of. Default false, but a lab that was up before stays up. */
  readonly keep?: boolean;
  /** Whether a missing Docker engine may be installed (Debian/Ubuntu, root). Default false. */
  readonly install?: boolean;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** Rules read from a file, for one firewall. The other firewall keeps its Default rule alone. */
export interface FileRules {
  readonly name: string;
  readonly firewall: FirewallName;
  readonly rules: FirewallRules;
}

/** A running lab. Disposing of it takes it down, unless it was kept or up before. */
export interface Lab extends AsyncDisposable {
  readonly name: string;
  readonly plan: AddressPlan;
  /** Puts a rule set in force on both firewalls and flushes connection tracking. Throws LabError `rule-set-does-not-load`. */
  load(rules: RuleSet | FileRules): Promise<void>;
  /** Makes one attempt under the rule set in force. Blocked is a result, not an error. */
  attempt(
    cell: { readonly client: ClientName; readonly server: ServerName; readonly mode: TransferMode },
    expected?: Expectation,
  ): Promise<CellResult>;
}

export interface RunOptions {
  readonly onCell?: (cell: CellResult) => void;
  readonly signal?: AbortSignal;
}

/** Brings the lab up (or finds it up) and connects to its hosts. Throws LabError. */
export declare function startLab(options?: LabOptions): Promise<Lab>;

/** Runs scenarios one after another, the cells of one in parallel. Controls run first. */
export declare function runScenarios(lab: Lab, scenarios: readonly Scenario[], options?: RunOptions): Promise<Omit<RunResult, 'summary'>>;
