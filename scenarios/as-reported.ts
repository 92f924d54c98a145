import { allow, external, ftpControl, internal, route } from '../lab/policy/dsl.ts';
import { byClientPrograms, dataDropped, scenario, toExternal } from './shared.ts';

/** The original report: port 21 is open, and the port that PORT or PASV negotiates is not. */
export const asReported = scenario('as-reported', {
  question: 'With only port 21 allowed outbound, why does the login work and the upload fail?',
  ruleSet: {
    description: 'TCP port 21 outbound, without the FTP access filter.',
    both: {
      networkRule: route(),
      accessRules: [allow('FTP port 21', { protocols: [ftpControl], from: [internal], to: [external] })],
    },
  },
  cells: [...toExternal(dataDropped), ...byClientPrograms(dataDropped('isa-y'), dataDropped('isa-y'))],
});
