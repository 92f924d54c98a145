import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { LabError } from '../../errors.ts';
import type { Daemon } from '../docker/find-daemon.ts';

/** A working `terraform` or `tofu`, and how to run it. */
export interface Terraform {
  readonly program: string;
  readonly version: string;
}

const programs = ['terraform', 'tofu'];
const oldest = [1, 5];

/**
 * The first of `TERRAFORM_BINARY_NAME` (cdktf-cli's variable), `terraform` and `tofu` that works. Throws LabError
 * `no-terraform`, or `terraform-too-old` below 1.5.
 */
export async function findTerraform(env: NodeJS.ProcessEnv = process.env): Promise<Terraform> {
  const candidates = env.TERRAFORM_BINARY_NAME ? [env.TERRAFORM_BINARY_NAME] : programs;
  for (const program of candidates) {
    const version = await versionOf(program, env);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > (oldest[0] ?? 0) || (major === oldest[0] && minor >= (oldest[1] ?? 0)))
      return { program, version };
    throw new LabError(
      'environment',
      'terraform-too-old',
      `${program} is ${version}, and the Terraform engine needs ${oldest.join('.')} or later`,
      'Install a newer version, or use the Docker engine, which needs no Terraform.',
    );
  }
  throw new LabError(
    'environment',
    'no-terraform',
    `${candidates.join(' and ')} ${candidates.length === 1 ? 'does' : 'do'} not run`,
    'Install Terraform 1.5 or later, or OpenTofu, or use the Docker engine, which needs no Terraform.',
  );
}

async function versionOf(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ['version', '-json'], { env: quiet(env) });
    const { terraform_version: version } = JSON.parse(stdout) as { terraform_version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined; // not installed, or another program with that name
  }
}

/** Asks no questions, checks for no updates, and ignores arguments that the user has set for other stacks. */
function quiet(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !/^TF_(CLI_ARGS|WORKSPACE$|DATA_DIR$)/.test(name));
  return { ...Object.fromEntries(own), TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };
}

/** The result of running Terraform. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link runTerraform}. */
export interface RunTerraformOptions {
  readonly folder: string;
  readonly daemon: Daemon;
  /** Called for each line of standard output as it arrives. */
  readonly onLine?: (line: string) => void;
  /** Interrupts Terraform, which then finishes its current action and writes its state. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs Terraform to its end, against the engine that the lab found. Terraform gets its own process group, so that a
 * terminal's Ctrl-C reaches it once, through the signal: a second one would make it exit without writing its state.
 */
export async function runTerraform(
  { program }: Terraform,
  args: readonly string[],
  { folder, daemon, onLine, signal }: RunTerraformOptions,
): Promise<Ran> {
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...quiet(process.env), ...daemon.environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const interrupt = () => child.kill('SIGINT');
  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  process.once('exit', interrupt); // also if this process exits at once, Terraform must not keep running
  const out: string[] = [];
  const err: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    out.push(line);
    onLine?.(line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => err.push(line));
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? 1));
    });
    return { code, stdout: out.join('\n'), stderr: err.join('\n') };
  } finally {
    signal?.removeEventListener('abort', interrupt);
    process.off('exit', interrupt);
  }
}
