import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import type { Context } from '../context.ts';
import { checkWritable, writeOutput } from '../options/output-file.ts';
import { positiveInteger } from '../options/positive-integer.ts';
import { addProgramOptions, type ProgramOptions } from '../options/uploads.ts';

interface JobOptions extends ProgramOptions {
  readonly shards: number;
  readonly image: string;
  readonly kubernetes?: string;
  readonly swarm?: string;
}

const help = `
Each container runs one shard in the image of "ftplab image --build", and prints its results as JSON, which "ftplab report"
merges. Patterns are those of "ftplab run". docs/jobs.md says how to start a job and collect its results:
  ftplab job --shards 8 --image registry.example/isa-ftp-lab --kubernetes job.yaml`;

/** `job`: a run divided among the machines of a cluster, as a file that the cluster takes. Needs no engine. */
export function addJob(program: Command, context: Context): void {
  const command = program
    .command('job')
    .description('divide a run among the machines of a Kubernetes or Docker Swarm cluster')
    .argument('[patterns...]', 'which cells')
    .requiredOption('--shards <n>', 'into how many parts', positiveInteger)
    .option('--image <tag>', 'the lab in one image, as the machines can pull it', 'isa-ftp-lab')
    .option('--kubernetes <file>', 'write an Indexed Job for kubectl; - is standard output')
    .option('--swarm <file>', 'write a stack for "docker stack deploy"; - is standard output')
    .addHelpText('after', help)
    .action((patterns: string[], options: JobOptions) => writeJob(patterns, options, context));
  addProgramOptions(command);
}

async function writeJob(
  patterns: string[],
  { shards, image, kubernetes, swarm, driver: drivers, tls, ipv6 }: JobOptions,
  { name, output }: Context,
): Promise<void> {
  const files = [
    { option: 'kubernetes', file: kubernetes, of: kubernetesYaml },
    { option: 'swarm', file: swarm, of: swarmYaml },
  ].flatMap(({ file, ...other }) => (file === undefined ? [] : [{ file, ...other }]));
  if (files.length === 0)
    throw new LabError('usage', 'no-cluster', 'Say what to write: --kubernetes FILE or --swarm FILE');
  if (files.every(({ file }) => file === '-') && files.length > 1)
    throw new LabError(
      'usage',
      'stdout-taken',
      '--kubernetes and --swarm cannot both write to standard output',
    );
  const { selectScenarios } = await import('../../trial/run.ts');
  // Throws what every container would, and also if a shard were empty: no shard is smaller than the first.
  selectScenarios({ patterns, drivers, tls, ipv6, shard: { index: 1, count: shards } });
  const choice = [
    ...patterns,
    ...(drivers ?? []).flatMap((driver) => ['--driver', driver]),
    ...(tls ? ['--tls'] : []),
    ...(ipv6 ? ['--ipv6'] : []),
  ];
  for (const { option, file } of files) if (file !== '-') await checkWritable(option, file);
  for (const { option, file, of } of files) {
    const text = await of({ name, image, shards, choice });
    if (file === '-') output.document(text);
    else await writeOutput(option, file, text);
  }
}

async function kubernetesYaml(job: Job): Promise<string> {
  const { kubernetesJob } = await import('../../job/kubernetes.ts');
  return yamlOf(kubernetesJob(job));
}

async function swarmYaml(job: Job): Promise<string> {
  const { swarmStack } = await import('../../job/swarm.ts');
  return yamlOf(swarmStack(job));
}

async function yamlOf(value: object): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value);
}
