/*
 * What commands need of the Docker engine. They import it late, inside their actions: its libraries take longer to load than
 * all the rest, and help and usage errors do without.
 */
export { down } from '../engine/docker/down.ts';
export { findEngine } from '../engine/docker/find-engine.ts';
export { status } from '../engine/docker/status.ts';
export { followLog, interactiveShell, readLog } from '../engine/docker/streams.ts';
export { lockLab } from '../engine/lab-lock.ts';
export { setPassing } from '../engine/passing.ts';
export { downBy } from '../engine/terraform/down.ts';
export { findTerraform, type Terraform } from '../engine/terraform/program.ts';
export { forgetState } from '../engine/terraform/state.ts';
export { upBy } from '../engine/terraform/up.ts';
export { planLab } from '../trial/plan-lab.ts';
export { startLab } from '../trial/start-lab.ts';
export { requireUp } from './require-up.ts';
