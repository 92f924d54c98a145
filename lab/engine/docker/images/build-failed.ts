import { LabError } from '../../../errors.ts';

const linesShown = 12;

/** LabError `image-build-failed` with the last lines of the step that failed. `what` begins the sentence. */
export function buildFailed(what: string, output: readonly string[], cause?: unknown): LabError {
  const lines = output.filter((line) => line.trim() !== '').slice(-linesShown);
  const text = lines.map((line) => `  ${line}`).join('\n');
  return new LabError(
    'environment',
    'image-build-failed',
    `${what} could not be built:\n${text}`,
    hintFor(text),
    { cause },
  );
}

function hintFor(text: string): string {
  if (/no space left on device/i.test(text))
    return 'The disk is full: "docker system df" shows what Docker has, "docker system prune" frees what nothing uses.';
  if (
    /temporary failure resolving|could not resolve|failed to fetch|unable to connect|connection timed out/i.test(
      text,
    )
  )
    return 'Packages come from a Debian mirror: does "apt-get update" work on this machine?';
  return 'Try again; if it fails the same way, the lines above say which command to try by hand.';
}
