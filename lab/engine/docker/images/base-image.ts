import { LabError, type Progress } from '../../../errors.ts';
import { findProgram, installPackages, requireInstallable, whileInstalling } from '../../install-packages.ts';
import type { Daemon } from '../find-daemon.ts';
import { bootstrapDebian, localDebian } from './bootstrap-debian.ts';
import { readEngineOutput } from './engine-output.ts';

const release = 'bookworm';
const published = `debian:${release}-slim`;

/** How long a registry may take to begin to answer, in milliseconds. */
const registryDeadline = 10_000;

export interface BaseImageOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Whether mmdebstrap may be installed on this machine. */
  readonly install: boolean;
}

/**
 * The tag of a Debian 12 to build on: one that is on the engine, else the registry's, else one made here from Debian's
 * packages. Throws LabError `no-base-image` if none can be had, or `image-build-failed`.
 */
export async function baseImage(daemon: Daemon, options: BaseImageOptions): Promise<string> {
  for (const tag of [published, localDebian]) if (await hasImage(daemon, tag)) return tag;
  const refusal = await pull(daemon, options);
  if (refusal === null) return published;
  if (!daemon.local)
    throw none(refusal, 'the engine is on another machine', `Give that engine an image ${published}.`);
  options.progress(`No registry answers (${refusal})`);
  if (findProgram('mmdebstrap') === undefined) {
    if (!options.install)
      throw none(
        refusal,
        'mmdebstrap, which could make one from Debian packages, is not installed',
        'As root on Debian or Ubuntu run "ftplab doctor --fix" or "apt-get install mmdebstrap".',
      );
    requireInstallable('mmdebstrap');
    await whileInstalling(options.progress, () => installPackages(['mmdebstrap'], options.progress));
  }
  await bootstrapDebian(daemon, release, options);
  return localDebian;
}

/** Whether the engine has an image of that tag. */
export async function hasImage(daemon: Daemon, tag: string): Promise<boolean> {
  try {
    await daemon.docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

function none(refusal: string, why: string, hint: string): LabError {
  return new LabError(
    'environment',
    'no-base-image',
    `There is no image to build on: ${published} cannot be pulled (${refusal}), and ${why}`,
    hint,
  );
}

/** `null` if it worked, else why not. Once the registry answers, there is no time limit. */
async function pull(daemon: Daemon, { progress, signal }: BaseImageOptions): Promise<string | null> {
  progress(`Pulling ${published}`);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), registryDeadline);
  try {
    const [fromImage, tag] = published.split(':');
    const abortSignal = AbortSignal.any([signal, silence.signal]);
    const output = await daemon.docker.createImage({ fromImage, tag, abortSignal });
    const { error } = await readEngineOutput(output, () => clearTimeout(timer));
    return error;
  } catch (error) {
    signal.throwIfAborted();
    if (silence.signal.aborted) return `no answer within ${registryDeadline / 1000} s`;
    const { json, message } = error as { json?: { message?: string }; message: string };
    return (json?.message ?? message).replace(/^\(HTTP code \d+\) .*? - /, '').trim();
  } finally {
    clearTimeout(timer);
  }
}
