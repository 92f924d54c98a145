import { execFile, spawn } from 'node:child_process';
import { copyFile, link, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { LabError, type Progress } from '../../errors.ts';
import { ownFile } from '../../own-files.ts';
import { providerVersion } from '../../stack/provider.ts';

/** Main package of the provider, under the path that its go.mod declares. */
const mainPackage = 'github.com/terraform-providers/terraform-provider-docker';
/** A Go module that pins the provider's source and all its dependencies. */
const module = ownFile('lab/engine/terraform/provider');
/** Terraform and OpenTofu each ask for the provider under their own registry's name. */
const registries = ['registry.terraform.io', 'registry.opentofu.org'];

/** The mirror's folder: `$XDG_CACHE_HOME/isa-ftp-lab/terraform`, or else below `~/.cache`. */
export function mirrorFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'isa-ftp-lab', 'terraform');
}

/** A settings file (`TF_CLI_CONFIG_FILE`) that makes Terraform take the provider from the mirror; for other programs. */
export function settingsFile(): string {
  return join(dirname(mirrorFolder()), 'terraform.rc');
}

/** Whether Go is installed to build the mirror. */
export async function hasGo(): Promise<boolean> {
  return (await goEnvironment()) !== undefined;
}

/**
 * Builds the provider from Go modules and lays it out as a filesystem mirror in {@link mirrorFolder}; takes about two
 * minutes on two cores. Throws LabError `no-go` or `provider-does-not-build`.
 */
export async function makeMirror(progress: Progress, signal?: AbortSignal): Promise<string> {
  const go = await goEnvironment();
  if (go === undefined)
    throw new LabError(
      'environment',
      'no-go',
      'Go is not installed',
      'Install Go 1.25 or later (go.dev/dl).',
    );
  const folder = mirrorFolder();
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  // Next to the mirror, and so on the same file system: the finished build is moved there in one step.
  const bin = await mkdtemp(join(parent, 'build-'));
  try {
    progress(`Building Terraform's provider kreuzwerker/docker ${providerVersion} with Go ${go.version}`);
    const binary = await build(bin, progress, signal);
    const [first = '', ...others] = registries.map((registry) =>
      join(folder, registry, 'kreuzwerker', 'docker', providerVersion, `${go.os}_${go.arch}`),
    );
    const name = `terraform-provider-docker_v${providerVersion}${go.os === 'windows' ? '.exe' : ''}`;
    await mkdir(first, { recursive: true });
    await rename(binary, join(first, name));
    for (const other of others) {
      await mkdir(other, { recursive: true });
      await rm(join(other, name), { force: true });
      await link(join(first, name), join(other, name)).catch(() =>
        copyFile(join(first, name), join(other, name)),
      );
    }
    await writeFile(settingsFile(), settings(folder));
    return folder;
  } finally {
    await rm(bin, { recursive: true, force: true });
  }
}

async function build(bin: string, progress: Progress, signal?: AbortSignal): Promise<string> {
  // Without docker_compose and without C: the lab uses neither, and the build is a minute shorter.
  const flags = ['-trimpath', '-tags=no_compose', `-ldflags=-s -w -X main.version=${providerVersion}`];
  const child = spawn('go', ['install', ...flags, mainPackage], {
    cwd: module,
    env: { ...process.env, GOBIN: bin, GOFLAGS: '-buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal && { signal }),
  });
  const said: string[] = [];
  let downloads = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!line.startsWith('go: downloading')) said.push(line);
    else if (++downloads % 50 === 0) progress(`${downloads} modules fetched`);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(signal?.aborted ? signal.reason : error));
    child.once('close', (status) => resolve(status ?? 1));
  });
  if (code === 0)
    return join(
      bin,
      process.platform === 'win32' ? 'terraform-provider-docker.exe' : 'terraform-provider-docker',
    );
  throw new LabError(
    'environment',
    'provider-does-not-build',
    `go install ended with status ${code}: ${said.slice(-5).join('; ')}`,
    'The build needs Go 1.25 or later and a reachable Go module proxy ("go env GOPROXY").',
  );
}

interface GoEnvironment {
  readonly os: string;
  readonly arch: string;
  readonly version: string;
}

async function goEnvironment(): Promise<GoEnvironment | undefined> {
  try {
    const { stdout } = await promisify(execFile)('go', ['env', '-json', 'GOOS', 'GOARCH', 'GOVERSION'], {
      cwd: module,
    });
    const { GOOS, GOARCH, GOVERSION } = JSON.parse(stdout) as Record<string, string>;
    return { os: GOOS ?? '', arch: GOARCH ?? '', version: (GOVERSION ?? '').replace(/^go/, '') };
  } catch {
    return undefined;
  }
}

/** Syntax: Terraform's "CLI Configuration File", "Explicit Installation Method Configuration". */
function settings(folder: string): string {
  const providers = JSON.stringify(registries.map((registry) => `${registry}/kreuzwerker/docker`));
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(folder)}
    include = ${providers}
  }
  direct {
    exclude = ${providers}
  }
}
`;
}
