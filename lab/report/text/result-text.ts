import type { Result } from '../../model/result/result.ts';
import type { RunResult } from '../../model/result/run.ts';
import { checkList } from './checks.ts';
import { comparisonText } from './comparison.ts';
import { diagnosisText } from './diagnosis.ts';
import { exposureText } from './exposure.ts';
import { fixingText } from './fixing.ts';
import { planReport } from './plan.ts';
import { portsText } from './ports.ts';
import { recommendationText } from './recommendation.ts';
import { scenarioList } from './scenario-list.ts';
import { serverDiagnosisText } from './server-diagnosis.ts';
import type { Style } from './style.ts';
import { watched } from './watched.ts';

/** A result other than a run as its command shows it; `undefined` for a status, which its command alone shows. */
export function resultText(result: Exclude<Result, RunResult>, style: Style): string | undefined {
  switch (result.kind) {
    case 'exposure':
      return exposureText(result, style);
    case 'comparison':
      return comparisonText(result, style);
    case 'recommendation':
      return recommendationText(result, style);
    case 'fix':
      return fixingText(result.files[0]?.path ?? 'the file', result, style);
    case 'diagnosis':
      return diagnosisText(result, style);
    case 'server-diagnosis':
      return serverDiagnosisText(result, style);
    case 'ports':
      return portsText(result, style);
    case 'checks':
      return checkList(result.checks, style);
    case 'plan':
      return planReport(result.name, result.changes);
    case 'round':
      return watched(result, undefined, result.error ? [result.error.message] : [], style);
    case 'scenarios':
      return scenarioList(result, style);
    case 'status':
      return undefined;
  }
}
