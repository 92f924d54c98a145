/* Every kind of document, told apart by its field "kind". */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { checksResult } from './checks.ts';
import { comparisonResult } from './comparison.ts';
import { diagnosisResult } from './diagnosis.ts';
import { exposureResult } from './exposure.ts';
import { fixResult } from './fix.ts';
import { planResult } from './plan.ts';
import { portsResult } from './ports.ts';
import { recommendationResult } from './recommendation.ts';
import { roundResult } from './round.ts';
import { runResult } from './run.ts';
import { scenariosResult } from './scenarios.ts';
import { serverDiagnosisResult } from './server-diagnosis.ts';
import { statusResult } from './status.ts';

/** The schema of every document that the lab writes as JSON. */
export const resultSchema = z.discriminatedUnion('kind', [
  runResult,
  exposureResult,
  comparisonResult,
  recommendationResult,
  fixResult,
  diagnosisResult,
  serverDiagnosisResult,
  portsResult,
  roundResult,
  scenariosResult,
  statusResult,
  checksResult,
  planResult,
]);

/** A document that the lab writes as JSON. */
export type Result = Data<typeof resultSchema>;
export type ResultKind = Result['kind'];
