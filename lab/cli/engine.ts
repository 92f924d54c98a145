/*
 * What commands need of the Docker engine. They import it late, inside their actions: its libraries take longer to load than
 * all the rest, and help and usage errors do without.
 */
export { down } from '../engine/down.ts';
export { findEngine } from '../engine/find-engine.ts';
export { setKept } from '../engine/kept.ts';
export { lockLab } from '../engine/lab-lock.ts';
export { status } from '../engine/status.ts';
export { followLog, interactiveShell, readLog } from '../engine/streams.ts';
export { startLab } from '../start-lab.ts';
export { requireUp } from './require-up.ts';
