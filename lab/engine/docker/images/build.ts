import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { duration } from '../../../duration.ts';
import type { Progress } from '../../../errors.ts';
import { type ImageName, imageNames } from '../../../network/topology.ts';
import {
  agentPath,
  type ImageSources,
  type ImageTags,
  sharedFiles,
  shippedImages,
} from '../../../stack/images.ts';
import type { Daemon } from '../find-daemon.ts';
import { baseImage, hasImage } from './base-image.ts';
import { buildFailed } from './build-failed.ts';
import { type EngineOutput, readEngineOutput } from './engine-output.ts';
import { removeOldImages } from './old-images.ts';

export interface BuildOptions {
  readonly progress: Progress;
  /** Aborts a build; what it has made so far is removed. */
  readonly signal?: AbortSignal;
  /** Whether the tools to build may be installed on this machine. Default false. */
  readonly install?: boolean;
}

/** Builds at the same time: two cores unpack no faster with more. */
const buildsAtOnce = 2;

/** Which of the lab's images the engine lacks. */
export async function missingImages(
  daemon: Daemon,
  { images }: ImageTags = shippedImages().tags,
): Promise<ImageName[]> {
  const missing = await Promise.all(
    imageNames.map(async (name) => ((await hasImage(daemon, images[name])) ? [] : [name])),
  );
  return missing.flat();
}

/**
 * Builds those of the lab's images that the engine lacks; leaves the others alone. Throws LabError
 * `image-build-failed` or `no-base-image`, or the signal's reason; then nothing unfinished is left.
 */
export async function ensureImages(
  daemon: Daemon,
  { progress, signal, install = false }: BuildOptions,
  { sources, tags }: { readonly sources: ImageSources; readonly tags: ImageTags } = shippedImages(),
): Promise<void> {
  signal?.throwIfAborted();
  const missing = await missingImages(daemon, tags);
  if (missing.length === 0) return;
  const failure = new AbortController();
  const either = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const make = async (name: ImageName | 'base', tag: string, from: string) => {
    either.throwIfAborted();
    progress(`Building image ${name}`);
    const start = performance.now();
    await build(daemon, { name, tag, from, sources }, either);
    progress(`Built image ${name} (${duration(performance.now() - start)})`);
  };
  if (!(await hasImage(daemon, tags.base)))
    await make('base', tags.base, await baseImage(daemon, { progress, signal: either, install }));
  const limit = pLimit(buildsAtOnce);
  const builds = missing.map((name) => limit(() => make(name, tags.images[name], tags.base)));
  try {
    await Promise.all(builds);
  } catch (error) {
    failure.abort();
    await Promise.allSettled(builds);
    signal?.throwIfAborted();
    throw error;
  }
  const old = await removeOldImages(daemon, tags);
  if (old.length > 0) progress(`Removed ${old.length} old images of the lab`);
}

interface Build {
  readonly name: ImageName | 'base';
  readonly tag: string;
  readonly from: string;
  readonly sources: ImageSources;
}

async function build(
  daemon: Daemon,
  { name, tag, from, sources }: Build,
  signal: AbortSignal,
): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), `ftplab-image-${name}-`));
  try {
    for (const file of sharedFiles) await cp(join(sources.folder, file), join(context, file));
    await cp(join(sources.folder, name), context, { recursive: true });
    if (name !== 'base') await writeFile(join(context, agentPath), sources.agent);
    await buildContext(daemon, { what: `Image ${name}`, context, tag, base: from }, signal);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** A folder with a Dockerfile that has the argument BASE. */
interface Context {
  /** Begins the sentence if it cannot be built. */
  readonly what: string;
  readonly context: string;
  readonly tag: string;
  readonly base: string;
}

/** Builds an image. Throws LabError `image-build-failed`, or the signal's reason; what it made by then is removed. */
export async function buildContext(
  daemon: Daemon,
  { what, context, tag, base }: Context,
  signal: AbortSignal,
): Promise<void> {
  const steps: string[] = [];
  try {
    const output = await daemon.docker.buildImage(
      { context, src: await readdir(context) },
      {
        t: tag,
        buildargs: { BASE: base, ...proxies() },
        labels: { 'isa-ftp-lab': 'image' },
        networkmode: 'host',
        rm: true,
        forcerm: true,
        abortSignal: signal,
      },
    );
    const { lines, error }: EngineOutput = await readEngineOutput(output, (line) => {
      const [, id] = /^ ---> ([0-9a-f]{12,64})$/.exec(line) ?? [];
      if (id !== undefined) steps.push(id);
    });
    if (error !== null) throw buildFailed(what, [...lines, error]);
  } catch (error) {
    await removeSteps(daemon, steps);
    signal.throwIfAborted();
    throw error instanceof Error && 'statusCode' in error ? buildFailed(what, [error.message], error) : error;
  }
}

/** Removes the layers of a build that produced no image, the last one first; what has a tag stays. */
async function removeSteps(daemon: Daemon, steps: readonly string[]): Promise<void> {
  for (const id of steps.toReversed()) {
    const image = daemon.docker.getImage(id);
    // For a moment after an abort the engine still has the container that the next step ran in.
    for (let patience = 25; patience > 0; patience--) {
      try {
        if (((await image.inspect()).RepoTags ?? []).length === 0) await image.remove();
        break;
      } catch (error) {
        const { statusCode, message } = error as { statusCode?: number; message: string };
        if (statusCode !== 409 || !message.includes('container')) break; // already gone, or other images are built on it
        await delay(200);
      }
    }
  }
}

/** The proxies that this process is told to use; Docker hands these arguments to builds without keeping them. */
function proxies(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'];
  return Object.fromEntries(
    [...names, ...names.map((name) => name.toUpperCase())].flatMap((name) => {
      const value = process.env[name];
      return value ? [[name, value]] : [];
    }),
  );
}
