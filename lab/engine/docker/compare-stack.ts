import { LabError } from '../../errors.ts';
import { type Difference, difference, type ImageFacts } from '../difference.ts';
import { type DesiredLab, readStack } from '../stack-file.ts';
import { refused } from './create.ts';
import type { Daemon } from './find-daemon.ts';
import { observeDefinitions } from './observe.ts';
import { statusOf } from './removal.ts';

/** A stack file, and what Docker has of its lab. */
export interface Comparison {
  readonly desired: DesiredLab;
  readonly difference: Difference;
  /** Tags of images that the engine lacks. */
  readonly missingImages: readonly string[];
}

/** Compares; changes nothing. Throws LabError `docker-refused`, or the stack file's own. */
export async function compare(daemon: Daemon, stackFile: string): Promise<Comparison> {
  const desired = await readStack(stackFile);
  const tags = [...new Set(desired.containers.map(({ image }) => image))];
  const [observed, found] = await Promise.all([
    observeDefinitions(daemon, desired.name),
    Promise.all(tags.map(async (tag) => [tag, await imageFacts(daemon, tag)] as const)),
  ]);
  const images = new Map(found.flatMap(([tag, facts]) => (facts === undefined ? [] : [[tag, facts]])));
  return {
    desired,
    difference: difference(desired, observed, images),
    missingImages: tags.filter((tag) => !images.has(tag)),
  };
}

/** Throws LabError `image-missing` if images are missing. */
export function refuseMissing([image]: readonly string[]): void {
  if (image === undefined) return;
  throw new LabError(
    'environment',
    'image-missing',
    `Image ${image} is not on this engine`,
    'Run "ftplab up", which builds what is missing.',
  );
}

async function imageFacts(daemon: Daemon, tag: string): Promise<ImageFacts | undefined> {
  try {
    const { Id, Config } = await daemon.docker.getImage(tag).inspect();
    return { id: Id, env: Config?.Env ?? [], labels: Config?.Labels ?? {} };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw refused(`look up image ${tag}`, error);
  }
}
