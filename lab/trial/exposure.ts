import type { MeasureOptions } from '../exposure/measure.ts';
import { headed } from '../model/origin.ts';
import type { ExposureResult } from '../model/result/exposure.ts';
import { type Conditions, inLab } from './in-lab.ts';
import { originIn } from './origin-of.ts';
import {
  loadRules,
  type RulesOptions,
  type RulesSource,
  readRules,
  refuseUnmeasurable,
  versionsOf,
} from './read-rules.ts';
import { measure, type Telling } from './under-rules.ts';

export interface ExposureRequest extends RulesOptions, Conditions, Telling, Pick<MeasureOptions, 'ipv6'> {}

/** Measures in a lab what rules let through in addition to the uploads. Throws LabError, or the signal's reason. */
export async function exposure(source: RulesSource, request: ExposureRequest = {}): Promise<ExposureResult> {
  const rules = await readRules([source], request);
  refuseUnmeasurable(rules, request.names);
  const { result } = await inLab(request, async (lab) => {
    for (const one of rules)
      for (const note of await loadRules(lab, one)) request.onNote?.(one.word, note.text);
    const ipv6 = request.ipv6 ?? (versionsOf(rules).includes('ipv6') || undefined);
    const measured = await measure(lab, { ...request, ipv6 });
    return { ...headed('exposure', originIn(lab, rules)), ...measured };
  });
  return result;
}
