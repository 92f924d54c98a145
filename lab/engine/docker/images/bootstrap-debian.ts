import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import type { Progress } from '../../../errors.ts';
import { aptOptions, hostSources } from '../../apt-of-this-machine.ts';
import { debianSources } from '../../apt-sources.ts';
import type { Daemon } from '../find-daemon.ts';
import { buildFailed } from './build-failed.ts';
import { readEngineOutput } from './engine-output.ts';

/** The tag of a Debian made here, if no registry answers. */
export const localDebian = 'isa-ftp-lab/debian:bookworm';

/**
 * Makes a Debian of that release with mmdebstrap(1), from the mirrors that this machine uses itself, and hands it to the
 * engine as {@link localDebian}. Throws LabError `image-build-failed`, or the signal's reason.
 */
export async function bootstrapDebian(
  daemon: Daemon,
  release: string,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  progress('Making a Debian base image from its packages (mmdebstrap)');
  const args = ['--variant=apt', ...aptOptions(), release, '-', ...debianSources(hostSources(), release)];
  // In its own process group: if only mmdebstrap is told to stop, it waits for the apt that it runs.
  const mmdebstrap = spawn('mmdebstrap', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  mmdebstrap.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-20_000);
  });
  const stop = () => {
    if (mmdebstrap.pid !== undefined && mmdebstrap.exitCode === null)
      process.kill(-mmdebstrap.pid, 'SIGTERM');
  };
  signal.addEventListener('abort', stop, { once: true });
  // The archive ends for the engine only after mmdebstrap has succeeded, so that half a Debian does not become an image.
  const archive = new PassThrough();
  mmdebstrap.stdout.pipe(archive, { end: false });
  const broken = new AbortController();
  const made = ending(mmdebstrap).then((failure) => {
    if (failure === null) archive.end();
    else broken.abort();
    return failure;
  });
  const imported = importImage(daemon, archive, broken.signal).catch((error: unknown) => {
    stop();
    return error instanceof Error ? error.message : String(error);
  });
  const [failure, refusal] = await Promise.all([made, imported]);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (failure === null && refusal === null) return;
  // If the engine refused, mmdebstrap fails because of that.
  if (refusal !== null && !broken.signal.aborted) throw buildFailed('The Debian base image', [refusal]);
  throw buildFailed('The Debian base image', [...said.split('\n'), `mmdebstrap: ${failure ?? refusal}`]);
}

async function importImage(
  daemon: Daemon,
  archive: PassThrough,
  abortSignal: AbortSignal,
): Promise<string | null> {
  const [repo, tag] = localDebian.split(':');
  const labels = 'LABEL isa-ftp-lab=image';
  const output = await daemon.docker.importImage(archive, { repo, tag, changes: labels, abortSignal });
  return (await readEngineOutput(output)).error;
}

function ending(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : `ended with ${signal ?? `status ${code}`}`),
    );
  });
}
