import { statfs } from 'node:fs/promises';
import { describe, firstClash } from '../engine/docker/clash.ts';
import { type Engine, findEngine } from '../engine/docker/find-engine.ts';
import { missingImages } from '../engine/docker/images/build.ts';
import { occupiedRanges } from '../engine/docker/occupied.ts';
import { LabError } from '../errors.ts';
import type { Check } from '../model/check.ts';
import type { Scenario } from '../model/scenario.ts';
import { type AddressPlan, addressPlan, slotCount } from '../network/address-plan.ts';
import { imageNames } from '../network/topology.ts';
import { checkKernel, unknownKernel } from './kernel-features.ts';

/** The oldest Docker Engine API that the lab's calls are part of: Docker 19.03. */
const oldestApi = '1.40';

/** Images, containers and what a build needs meanwhile, in bytes. */
const spaceNeeded = 2 * 2 ** 30;

/** Looks at everything that the lab needs of this machine, and changes nothing. Never throws for what is missing. */
export async function examine(scenarios: readonly Scenario[]): Promise<Check[]> {
  let engine: Engine;
  try {
    engine = await findEngine();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const missing: Check = {
      ...about('engine', 'runs the lab', 'all'),
      ok: false,
      detail: error.message,
      ...(error.hint === undefined ? {} : { fix: error.hint }),
    };
    return [missing, ...unknownKernel('there is no engine to try it with', scenarios)];
  }
  const [space, images, addresses] = await Promise.all([
    settled(about('disk space', 'images and containers', 'all'), () => checkSpace(engine)),
    settled(about('images', 'the hosts of the lab', 'all'), () => checkImages(engine)),
    settled(about('addresses', 'the three subnets', 'all'), () => checkAddresses(engine)),
  ]);
  const kernel =
    images.ok === true
      ? await checkKernel(engine, scenarios).catch((error: Error) =>
          unknownKernel(`the probes could not be run: ${error.message.trim()}`, scenarios),
        )
      : unknownKernel('the images that would try it are not built', scenarios);
  return [checkEngine(engine), checkApi(engine), space, images, addresses, ...kernel];
}

type About = Pick<Check, 'name' | 'purpose' | 'neededBy'>;

function about(name: string, purpose: string, neededBy: Check['neededBy']): About {
  return { name, purpose, neededBy };
}

/** A check that itself fails tells nothing about what it checks. */
async function settled(what: About, check: () => Promise<Omit<Check, keyof About>>): Promise<Check> {
  try {
    return { ...what, ...(await check()) };
  } catch (error) {
    return { ...what, ok: 'unknown', detail: `could not be checked: ${(error as Error).message.trim()}` };
  }
}

function checkEngine({ product, version, socket }: Engine): Check {
  const detail = `${product} ${version} at ${socket}`;
  return { ...about('engine', 'runs the lab', 'all'), ok: true, detail };
}

function checkApi({ apiVersion }: Engine): Check {
  const ok = apiVersion.localeCompare(oldestApi, 'en', { numeric: true }) >= 0;
  return {
    ...about('engine API', 'what the lab asks of the engine', 'all'),
    ok,
    detail: `version ${apiVersion}, at least ${oldestApi} is needed`,
    ...(ok ? {} : { fix: 'Install Docker 19.03 or later.' }),
  };
}

async function checkSpace(engine: Engine): Promise<Omit<Check, keyof About>> {
  const { DockerRootDir } = (await engine.docker.info()) as { DockerRootDir?: string };
  if (!engine.local || DockerRootDir === undefined)
    return { ok: 'unknown', detail: 'the engine keeps its data on another machine' };
  const { bavail, bsize } = await statfs(DockerRootDir);
  const free = bavail * bsize;
  const inGiB = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const detail = `${inGiB(free)} free in ${DockerRootDir}, ${inGiB(spaceNeeded)} are needed`;
  return free >= spaceNeeded
    ? { ok: true, detail }
    : { ok: false, detail, fix: '"docker system prune" frees what no container uses.' };
}

async function checkImages(engine: Engine): Promise<Omit<Check, keyof About>> {
  const missing = await missingImages(engine);
  if (missing.length === 0) return { ok: true, detail: `all ${imageNames.length} are built` };
  return {
    ok: false,
    detail: `not built: ${missing.join(', ')}`,
    fix: '"ftplab up" and "ftplab run" build them.',
  };
}

/** A clash is not the end: labs move on to the next free ranges. */
async function checkAddresses(engine: Engine): Promise<Omit<Check, keyof About>> {
  const occupied = await occupiedRanges(engine);
  const plans = Array.from({ length: slotCount }, (_, slot) => addressPlan(slot));
  const clashOf = ({ subnets }: AddressPlan) => firstClash(Object.values(subnets), occupied);
  const plan = plans.find((candidate) => clashOf(candidate) === undefined);
  const [preferred] = plans;
  const clash = preferred && clashOf(preferred);
  const why = clash === undefined ? '' : `; ${describe(clash)}`;
  if (plan === undefined)
    return { ok: false, detail: `no free range${why}`, fix: 'Take other labs down: ftplab down --all' };
  return { ok: true, detail: `a new lab gets ${Object.values(plan.subnets).join(', ')}${why}` };
}
