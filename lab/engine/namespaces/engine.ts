import type { LabChange } from '../../model/result/plan.ts';
import { changesOf } from '../changes.ts';
import type { Engine } from '../engine.ts';
import { checkNamespaces } from './checks.ts';
import { followHost, readHostLog } from './host-log.ts';
import { openIn, runIn, shellIn } from './host-process.ts';
import { ensureLayers, hasSystem } from './layers.ts';
import { statusOfLabs } from './observe.ts';
import { recordOf, runningLabs } from './running-lab.ts';
import { endLab } from './supervisor.ts';
import { tryInNamespaces } from './try-in-namespaces.ts';
import { compare, up } from './up.ts';

/**
 * The engine without a daemon: a lab is one process with its own namespaces (mounts, network, processes), which holds a
 * network namespace and a sandbox for each host. Only the kernel keeps a lab's state, so nothing is left when the lab ends,
 * however it ends.
 */
export function namespacesEngine(version: string): Engine {
  return {
    kind: 'namespaces',
    name: "this machine's namespaces",
    version,
    environment: {},
    prepare: ensureLayers,
    labs: async () => statusOfLabs(),
    // Every lab has its own network namespace, so its addresses cannot clash with this machine's.
    occupied: async () => [],
    async plan(stackFile) {
      const images: LabChange[] = hasSystem()
        ? []
        : [{ action: 'create', kind: 'image', name: "the hosts' file systems", because: [] }];
      return [...images, ...changesOf((await compare(stackFile)).difference)];
    },
    up,
    async down(name) {
      const found = runningLabs().filter((lab) => lab.name === name);
      const records = found.map(recordOf);
      await Promise.all(found.map(endLab));
      return {
        hosts: records.reduce((sum, { containers }) => sum + containers.length, 0),
        networks: records.reduce((sum, { networks }) => sum + networks.length, 0),
      };
    },
    open: async (at, command, onLine) => openIn(at, command, onLine),
    run: runIn,
    follow: async (at, onLine, signal) => followHost(at, onLine, signal),
    readLog: async (at, tail) => readHostLog(at, tail),
    shell: shellIn,
    checks: checkNamespaces,
    tryInFirewall: tryInNamespaces,
  };
}
