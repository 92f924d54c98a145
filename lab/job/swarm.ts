import { argumentsOf, capabilitiesOfRoot, indexVariable, type Job, memoryLimit } from './job.ts';

/** The part of a Compose file that a job needs; `docker stack deploy` reads it. */
export interface SwarmStack {
  readonly version: '3.9';
  readonly services: Readonly<Record<string, SwarmService>>;
  readonly networks: { readonly default: { readonly internal: true } };
}

/** A service of which each task runs to its end, once. */
export interface SwarmService {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cap_add: readonly string[];
  readonly read_only: true;
  readonly volumes: readonly { readonly type: 'tmpfs'; readonly target: string }[];
  readonly deploy: {
    readonly mode: 'replicated-job';
    readonly replicas: number;
    readonly restart_policy: { readonly condition: 'on-failure'; readonly max_attempts: number };
    readonly resources: { readonly limits: { readonly memory: string } };
  };
}

/**
 * A stack with a replicated job: a task for each shard, which runs again if it fails, and on another node once its lost node is
 * removed from the swarm. A service cannot leave the default seccomp profile, hence these capabilities; and it cannot be without a
 * network, hence one that leads nowhere.
 */
export function swarmStack(job: Job): SwarmStack {
  return {
    version: '3.9',
    services: {
      [job.name]: {
        image: job.image,
        command: argumentsOf(job),
        // The node's id for the first task, and 1, 2 and so on for the others.
        environment: { [indexVariable]: '{{.Task.Slot}}' },
        cap_add: capabilitiesOfRoot,
        read_only: true,
        // A stack has no "tmpfs".
        volumes: [{ type: 'tmpfs', target: '/tmp' }],
        deploy: {
          mode: 'replicated-job',
          replicas: job.shards,
          restart_policy: { condition: 'on-failure', max_attempts: 2 },
          resources: { limits: { memory: `${memoryLimit.mebibytes}M` } },
        },
      },
    },
    networks: { default: { internal: true } },
  };
}
