import { dockerEngine, imagesToBuild } from '../docker/engine.ts';
import type { Daemon } from '../docker/find-daemon.ts';
import type { Engine } from '../engine.ts';
import { downBy } from './down.ts';
import { planBy } from './plan.ts';
import type { Terraform } from './run-terraform.ts';
import { forgetState } from './state.ts';
import { upBy } from './up.ts';

/** Terraform: it makes, compares and removes what then runs on a Docker engine. */
export function terraformEngine(terraform: Terraform, daemon: Daemon): Engine {
  return {
    ...dockerEngine(daemon),
    kind: 'terraform',
    version: `${terraform.program} ${terraform.version}, docker ${daemon.version}`,
    async plan(stackFile, { signal } = {}) {
      const { comparison, changes } = await planBy(terraform, daemon, stackFile, signal);
      return [...imagesToBuild(comparison), ...changes];
    },
    up: (stackFile, options) => upBy(terraform, daemon, stackFile, options),
    async down(lab, options) {
      const removed = await downBy(terraform, daemon, lab, options);
      await forgetState(lab);
      return removed;
    },
  };
}
