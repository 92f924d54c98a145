import { imageTag } from '../../stack/images.ts';
import { dockerName } from '../../stack/labels.ts';
import { changesOf } from '../changes.ts';
import type { Engine, HostOfLab } from '../engine.ts';
import { forgetState } from '../terraform/state.ts';
import { checkDocker } from './checks.ts';
import { type Comparison, compare } from './compare-stack.ts';
import { down } from './down.ts';
import type { Daemon } from './find-daemon.ts';
import { ensureImages } from './images/build.ts';
import { occupiedRanges } from './occupied.ts';
import { runOnce } from './run-once.ts';
import { status } from './status.ts';
import { followLog, interactiveShell, openExec, readLog, runExec } from './streams.ts';
import { up } from './up.ts';

/** The Docker engine: a container for each host, a bridge for each subnet. */
export function dockerEngine(daemon: Daemon): Engine {
  const container = ({ lab, host }: HostOfLab) => dockerName(lab, host);
  return {
    kind: 'docker',
    name: daemon.socket,
    version: `docker ${daemon.version}`,
    environment: daemon.environment,
    prepare: ({ progress = () => undefined, ...options } = {}) =>
      ensureImages(daemon, { progress, ...options }),
    labs: () => status(daemon),
    occupied: (except) => occupiedRanges(daemon, except),
    async plan(stackFile) {
      const comparison = await compare(daemon, stackFile);
      return [...imagesToBuild(comparison), ...changesOf(comparison.difference)];
    },
    up: (stackFile, options) => up(daemon, stackFile, options),
    async down(lab) {
      const removed = await down(daemon, lab);
      await forgetState(lab);
      return removed;
    },
    open: (at, command, onLine) => openExec(daemon, container(at), command, onLine),
    run: (at, command, signal) => runExec(daemon, container(at), command, signal),
    follow: (at, onLine, signal) => followLog(daemon, container(at), onLine, signal),
    readLog: (at, tail) => readLog(daemon, container(at), { tail }),
    shell: (at, command, signal) => interactiveShell(daemon, container(at), command, signal),
    checks: () => checkDocker(daemon),
    tryInFirewall: (script) => runOnce(daemon, imageTag('firewall'), script),
  };
}

/** Images that `up` would have to build. */
export function imagesToBuild({ missingImages }: Comparison) {
  return missingImages.map((name) => ({ action: 'create', kind: 'image', name, because: [] }) as const);
}
