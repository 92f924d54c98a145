/**
 * The public interface: start a lab, load a rule set, make attempts, read verdicts.
 *
 * ```ts
 * await using lab = await startLab();
 * await lab.load(myRuleSet);
 * const { verdict } = await lab.attempt({ client: 'y-server', server: 'vsftpd', mode: 'pasv' });
 * ```
 */
export { scenarios } from '../scenarios/index.ts';
export { LabError, type Progress } from './errors.ts';
export {
  type Step,
  type StepName,
  type StepOutcome,
  type TransferMode,
  transferModes,
} from './model/attempt.ts';
export { type Cause, causes } from './model/cause.ts';
export type { CellResult, Expectation, Verdict } from './model/cell.ts';
export type { AccessRule, IptablesRuleSet, Peer, ProtocolDefinition, RuleSet } from './model/rule-set.ts';
export { cellsOf, type ExpectedCells, type Scenario } from './model/scenario.ts';
export {
  allServerNames,
  type ClientName,
  clientNames,
  type ServerName,
  serverNames,
} from './network/topology.ts';
export * from './policy/dsl.ts';
export { type AttemptOptions, type CompiledRules, Lab } from './trial/lab.ts';
export {
  type RunOptions,
  runControls,
  runScenario,
  runScenarios,
  type ScenarioResults,
} from './trial/run-scenarios.ts';
export { type LabOptions, startLab } from './trial/start-lab.ts';
export { differences } from './verdict/expectation.ts';
