import type { IJob } from 'kubernetes-models/batch/v1';
import { argumentsOf, capabilitiesToMapIds, type Job, memoryLimit } from './job.ts';

/**
 * An Indexed Job of Kubernetes 1.33 or later: a pod for each shard, again on another node if it is evicted or its node is lost,
 * and at most twice more if it fails by itself.
 */
export function kubernetesJob(job: Job): IJob {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: job.name },
    spec: {
      completionMode: 'Indexed',
      completions: job.shards,
      parallelism: job.shards,
      backoffLimitPerIndex: 2,
      podFailurePolicy: {
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
      template: {
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // Root and its capabilities in the pod are none on the node, and only such a pod may see all of its own /proc.
          hostUsers: false,
          containers: [
            {
              name: 'ftplab',
              image: job.image,
              args: argumentsOf(job),
              resources: {
                requests: { cpu: '1', memory: '512Mi' },
                limits: { memory: `${memoryLimit.mebibytes}Mi` },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'], add: [...capabilitiesToMapIds] },
                seccompProfile: { type: 'Unconfined' },
                appArmorProfile: { type: 'Unconfined' },
                procMount: 'Unmasked',
              },
              volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            },
          ],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        },
      },
    },
  };
}
