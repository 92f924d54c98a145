/**
 * The public interface: what the command line does, each as a function that returns its result.
 *
 * ```ts
 * const { before, after } = await compare('as-reported', 'mine.rules', { on: 'isa-y' });
 * ```
 *
 * And what they are made of: start a lab, load a rule set, make attempts, read verdicts.
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
export { type Config, defineConfig } from './model/config.ts';
export type { Exposure } from './model/exposure.ts';
export type { Names } from './model/names.ts';
export type { ComparisonResult } from './model/result/comparison.ts';
export type { DiagnosisResult } from './model/result/diagnosis.ts';
export type { ExposureResult } from './model/result/exposure.ts';
export type { FixResult, TriedPatch } from './model/result/fix.ts';
export type { PortsResult } from './model/result/ports.ts';
export { readResults } from './model/result/read.ts';
export type { RecommendationResult } from './model/result/recommendation.ts';
export type { Result, ResultKind } from './model/result/result.ts';
export type { RoundResult } from './model/result/round.ts';
export type { ServerDiagnosisResult } from './model/result/server-diagnosis.ts';
export type { AccessRule, IptablesRuleSet, Peer, ProtocolDefinition, RuleSet } from './model/rule-set.ts';
export type { RunResult } from './model/run-result.ts';
export { cellsOf, type ExpectedCells, type Scenario } from './model/scenario.ts';
export type { NetworkDefinition } from './network/definition.ts';
export {
  allServerNames,
  type ClientName,
  clientNames,
  type ServerName,
  serverNames,
} from './network/topology.ts';
export { type Rules, type SavedRules, savedRules } from './policy/compile.ts';
export * from './policy/dsl.ts';
export { parseRuleSet } from './policy/parse-rule-set.ts';
export { askLabPorts, askServerPorts } from './trial/ask-ports.ts';
export { type CompareRequest, compare } from './trial/compare.ts';
export { type DiagnoseRequest, diagnose } from './trial/diagnose.ts';
export { diagnoseServerSide, type ServerSideRequest } from './trial/diagnose-server-side.ts';
export { type ExplainRequest, explain } from './trial/explain.ts';
export { type ExposureRequest, exposure } from './trial/exposure.ts';
export { type FixRequest, fix } from './trial/fix.ts';
export { type AttemptOptions, Lab } from './trial/lab.ts';
export type { RulesOptions, RulesSource } from './trial/read-rules.ts';
export { type RecommendRequest, recommend } from './trial/recommend.ts';
export { resume } from './trial/resume.ts';
export { type RunRequest, run } from './trial/run.ts';
export {
  type RunOptions,
  runControls,
  runScenario,
  runScenarios,
  type ScenarioResults,
} from './trial/run-scenarios.ts';
export { type LabOptions, startLab } from './trial/start-lab.ts';
/** `try` is a reserved word: it is imported as `import { try as tryRules }`, or by this name. */
export { type TryRequest, tryRules, tryRules as try } from './trial/try.ts';
export { useNetwork, useScenarios } from './trial/use-network.ts';
export { type WatchRequest, watch } from './trial/watch.ts';
export { breaksNothing, type Change, compareCells } from './verdict/comparison.ts';
export { differences } from './verdict/expectation.ts';
