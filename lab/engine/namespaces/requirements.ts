import { release } from 'node:os';
import { LabError, type Progress } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import {
  findProgram,
  installPackages,
  isDebian,
  requireInstallable,
  whileInstalling,
} from '../install-packages.ts';
import { checkNamespaces } from './checks.ts';
import { namespacesEngine } from './engine.ts';
import { hasSystem } from './layers.ts';
import { mayMakeNamespaces } from './privileges.ts';

/** A program, and Debian's package that has it. */
export interface NeededProgram {
  readonly program: string;
  readonly package: string;
}

/** What this user needs on this machine. */
function neededPrograms(): NeededProgram[] {
  return [
    { program: 'bwrap', package: 'bubblewrap' },
    { program: 'ip', package: 'iproute2' },
    ...['unshare', 'nsenter', 'setpriv'].map((program) => ({ program, package: 'util-linux' })),
    ...['mount', 'umount'].map((program) => ({ program, package: 'mount' })),
    ...(mayMakeNamespaces() ? [] : [{ program: 'newuidmap', package: 'uidmap' }]),
  ];
}

/** Those that are not there. */
function missingPrograms(): NeededProgram[] {
  return neededPrograms().filter(isMissing);
}

const isMissing = ({ program }: NeededProgram) => findProgram(program) === undefined;

/** The program that makes the hosts' file systems, if both are missing: it is installed together with the others. */
function missingMaker(): NeededProgram[] {
  return hasSystem() || !isDebian()
    ? []
    : [{ program: 'mmdebstrap', package: 'mmdebstrap' }].filter(isMissing);
}

/**
 * The namespaces engine, if this machine has what it needs. Throws LabError `no-namespaces`, or, if installing is allowed,
 * `cannot-install` and `install-failed`.
 */
export async function findNamespaces({
  install = false,
  progress = () => undefined,
}: {
  readonly install?: boolean;
  readonly progress?: Progress;
}): Promise<Engine> {
  if (process.platform !== 'linux')
    throw new LabError(
      'environment',
      'no-namespaces',
      `The namespaces engine needs Linux, and this is ${process.platform}`,
      'Use a Docker engine (--engine docker).',
    );
  const missing = missingPrograms();
  const wanted = [...missing, ...missingMaker()];
  const packages = [...new Set(wanted.map((each) => each.package))];
  if (missing.length > 0 && !install)
    throw new LabError(
      'environment',
      'no-namespaces',
      `The namespaces engine needs ${missing.map(({ program }) => program).join(', ')}`,
      `As root on Debian or Ubuntu: apt-get install ${packages.join(' ')}, or "ftplab doctor --fix --engine namespaces".`,
    );
  if (packages.length > 0 && install) {
    requireInstallable(packages.join(' '));
    await whileInstalling(progress, () => installPackages(packages, progress));
  }
  return namespacesEngine(`namespaces of Linux ${release()}`);
}

/** {@link findNamespaces}, tried. Throws LabError `no-namespaces` with the first thing that fails and its cure. */
export async function findWorkingNamespaces(options: Parameters<typeof findNamespaces>[0]): Promise<Engine> {
  const engine = await findNamespaces(options);
  const failed = (await checkNamespaces()).find(({ ok, name }) => ok === false && name !== 'images');
  if (failed === undefined) return engine;
  throw new LabError('environment', 'no-namespaces', `${failed.name}: ${failed.detail}`, failed.fix);
}
