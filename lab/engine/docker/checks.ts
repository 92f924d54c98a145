import { statfs } from 'node:fs/promises';
import type { Check } from '../../model/check.ts';
import { type AddressPlan, addressPlan, slotCount } from '../../network/address-plan.ts';
import { imageNames } from '../../network/topology.ts';
import { describe, firstClash } from '../clash.ts';
import { type About, about, settled } from '../settled-check.ts';
import type { Daemon } from './find-daemon.ts';
import { missingImages } from './images/build.ts';
import { occupiedRanges } from './occupied.ts';

/** The oldest Docker Engine API that has all the calls of the lab: Docker 19.03. */
const oldestApi = '1.40';

/** Bytes needed for images, containers and builds. */
const spaceNeeded = 2 * 2 ** 30;

/** Which of the lab's needs a Docker engine meets. */
export async function checkDocker(daemon: Daemon): Promise<Check[]> {
  const [space, images, addresses] = await Promise.all([
    settled(about('disk space', 'images and containers', 'all'), () => checkSpace(daemon)),
    settled(about('images', 'the hosts of the lab', 'all'), () => checkImages(daemon)),
    settled(about('addresses', 'the three subnets', 'all'), () => checkAddresses(daemon)),
  ]);
  return [checkEngine(daemon), checkApi(daemon), space, images, addresses];
}

function checkEngine({ version, socket }: Daemon): Check {
  const detail = `docker ${version} at ${socket}`;
  return { ...about('engine', 'runs the lab', 'all'), ok: true, detail };
}

function checkApi({ apiVersion }: Daemon): Check {
  const ok = apiVersion.localeCompare(oldestApi, 'en', { numeric: true }) >= 0;
  return {
    ...about('engine API', 'the calls that the lab makes', 'all'),
    ok,
    detail: `version ${apiVersion}; the lab needs ${oldestApi} or later`,
    ...(ok ? {} : { fix: 'Install Docker 19.03 or later.' }),
  };
}

async function checkSpace(daemon: Daemon): Promise<Omit<Check, keyof About>> {
  const { DockerRootDir } = (await daemon.docker.info()) as { DockerRootDir?: string };
  if (!daemon.local || DockerRootDir === undefined)
    return { ok: 'unknown', detail: 'the engine keeps its data on another machine' };
  const { bavail, bsize } = await statfs(DockerRootDir);
  const free = bavail * bsize;
  const inGiB = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const detail = `${inGiB(free)} free in ${DockerRootDir}; the lab needs ${inGiB(spaceNeeded)}`;
  return free >= spaceNeeded
    ? { ok: true, detail }
    : { ok: false, detail, fix: '"docker system prune" removes what no container uses.' };
}

async function checkImages(daemon: Daemon): Promise<Omit<Check, keyof About>> {
  const missing = await missingImages(daemon);
  if (missing.length === 0) return { ok: true, detail: `all ${imageNames.length} are built` };
  return {
    ok: false,
    detail: `not built: ${missing.join(', ')}`,
    fix: '"ftplab up" and "ftplab run" build them.',
  };
}

/** A clash is not a failure: labs move to the next free ranges. */
async function checkAddresses(daemon: Daemon): Promise<Omit<Check, keyof About>> {
  const occupied = await occupiedRanges(daemon);
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
