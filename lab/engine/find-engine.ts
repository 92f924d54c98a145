import { LabError, type Progress } from '../errors.ts';
import type { Daemon } from './docker/find-daemon.ts';
import { type Engine, type EngineKind, engineKinds } from './engine.ts';
import { findNamespaces, findWorkingNamespaces } from './namespaces/requirements.ts';
import { standsInNamespaces } from './namespaces/running-lab.ts';

/** Which engine is wanted. */
export interface EngineChoice {
  readonly kind?: EngineKind;
  /** The lab that it is for: if the lab is up, its own engine is used. */
  readonly lab?: string;
  /** Whether what is missing may be installed (Debian and Ubuntu, as root). Default false. */
  readonly install?: boolean;
  readonly progress?: Progress;
  /** Environment variables that tell where it is, such as `DOCKER_HOST`. Default: this process' own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Loaded late: nobody waits for Docker's library who does not use it. */
const docker = async () => ({
  ...(await import('./docker/engine.ts')),
  ...(await import('./docker/find-daemon.ts')),
  ...(await import('./docker/install-engine.ts')),
});

/**
 * The engine to use: the one asked for (or named by `FTPLAB_ENGINE`); else the one that has the lab; else a Docker engine
 * if one answers; else this machine's namespaces; else, if installing is allowed, a Docker engine that is installed. Throws
 * LabError as findDaemon, {@link findNamespaces} and findTerraform do.
 */
export async function findEngine(choice: EngineChoice = {}): Promise<Engine> {
  const { kind = kindFromEnvironment(), env } = choice;
  switch (kind) {
    case 'terraform': {
      const { findTerraform } = await import('./terraform/run-terraform.ts');
      const { terraformEngine } = await import('./terraform/engine.ts');
      const terraform = await findTerraform(env);
      return terraformEngine(terraform, await reachDaemon(choice));
    }
    case 'namespaces':
      return findNamespaces(choice);
    case 'docker':
      return (await docker()).dockerEngine(await reachDaemon(choice));
    case undefined:
      return choice.lab !== undefined && standsInNamespaces(choice.lab)
        ? findNamespaces(choice)
        : findAny(choice);
  }
}

const withoutDocker = ['no-engine', 'engine-not-permitted'];

async function findAny(choice: EngineChoice): Promise<Engine> {
  const { dockerEngine, findDaemon } = await docker();
  let noDocker: LabError;
  try {
    return dockerEngine(await findDaemon(choice.env));
  } catch (error) {
    if (!(error instanceof LabError) || !withoutDocker.includes(error.code)) throw error;
    noDocker = error;
  }
  try {
    return await findWorkingNamespaces(choice);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    // A user who may not install a few packages may not install a Docker engine either.
    if (choice.install && noDocker.code === 'no-engine' && error.code !== 'cannot-install') {
      choice.progress?.(`${error.message}; installing a Docker engine instead`);
      return dockerEngine(await reachDaemon(choice));
    }
    throw new LabError(
      'environment',
      noDocker.code,
      `${noDocker.message}\nThis machine's namespaces cannot be used instead: ${error.message}`,
      error.hint ?? noDocker.hint,
    );
  }
}

/** `FTPLAB_ENGINE`. Throws LabError `unknown-engine`. */
function kindFromEnvironment(): EngineKind | undefined {
  const named = process.env.FTPLAB_ENGINE;
  if (!named) return undefined;
  const kind = engineKinds.find((each) => each === named);
  if (kind) return kind;
  throw new LabError(
    'usage',
    'unknown-engine',
    `FTPLAB_ENGINE is "${named}", which is not an engine`,
    `Use one of ${engineKinds.join(', ')}, or unset it.`,
  );
}

/** The Docker engine that answers; if none does and installing is allowed, Debian's. */
async function reachDaemon({ install, progress = () => undefined, env }: EngineChoice): Promise<Daemon> {
  const { findDaemon, installEngine } = await docker();
  try {
    return await findDaemon(env);
  } catch (error) {
    if (!install || !(error instanceof LabError) || error.code !== 'no-engine') throw error;
    await installEngine(progress);
    return findDaemon(env);
  }
}
