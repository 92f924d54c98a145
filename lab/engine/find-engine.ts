import { LabError, type Progress } from '../errors.ts';
import { dockerEngine } from './docker/engine.ts';
import { type Daemon, findDaemon } from './docker/find-daemon.ts';
import { installEngine } from './docker/install-engine.ts';
import { type Engine, type EngineKind, engineKinds } from './engine.ts';
import { findNamespaces } from './namespaces/requirements.ts';
import { terraformEngine } from './terraform/engine.ts';
import { findTerraform } from './terraform/program.ts';

/** Which engine is wanted. */
export interface EngineChoice {
  readonly kind?: EngineKind;
  /** Whether a missing Docker engine may be installed (Debian and Ubuntu, as root). Default false. */
  readonly install?: boolean;
  readonly progress?: Progress;
  /** Environment variables that tell where it is, such as `DOCKER_HOST`. Default: this process' own. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The engine to use. Throws LabError as {@link findDaemon}, {@link findTerraform} and, if installing is allowed,
 * `installEngine` do.
 */
export async function findEngine(choice: EngineChoice = {}): Promise<Engine> {
  const { kind = kindFromEnvironment() ?? 'docker', env } = choice;
  if (kind === 'terraform') {
    const terraform = await findTerraform(env);
    return terraformEngine(terraform, await reachDaemon(choice));
  }
  if (kind === 'namespaces') return findNamespaces(choice);
  return dockerEngine(await reachDaemon(choice));
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
    `FTPLAB_ENGINE is "${named}", which is no engine`,
    `Use one of ${engineKinds.join(', ')}, or unset it.`,
  );
}

/** The Docker engine that answers; if none does and installing is allowed, Debian's. */
async function reachDaemon({ install, progress = () => undefined, env }: EngineChoice): Promise<Daemon> {
  try {
    return await findDaemon(env);
  } catch (error) {
    if (!install || !(error instanceof LabError) || error.code !== 'no-engine') throw error;
    await installEngine(progress);
    return findDaemon(env);
  }
}
