/** One thing that the lab needs of the machine, and whether it is there. */
export interface Check {
  readonly name: string;
  /** `unknown`: it could not be found out, and `detail` says why. Never to be taken for `true`. */
  readonly ok: boolean | 'unknown';
  /** What was found: a version, an amount, a tool's own message. */
  readonly detail: string;
  /** What it is for. */
  readonly purpose: string;
  /** Names of the scenarios that need it; `all` for those that none does without. */
  readonly neededBy: readonly string[] | 'all';
  /** Commands that need it whatever the scenario; left out where none does. */
  readonly commands?: readonly string[];
  /** What to do where it is not there. */
  readonly fix?: string;
}
