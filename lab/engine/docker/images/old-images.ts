import { imageNames } from '../../../network/topology.ts';
import type { ImageTags } from '../../../stack/images.ts';
import { type ImageVersion, outdated } from '../../old-images.ts';
import type { Daemon } from '../find-daemon.ts';

/** What every image that the lab has built is labelled with; in Docker's words. */
const own = { label: ['isa-ftp-lab=image'] };

/** A version of one of the hosts' images, such as `isa-ftp-lab/vsftpd:0123456789ab`. */
const hostImage = new RegExp(`^(isa-ftp-lab/(?:${['base', ...imageNames].join('|')})):[0-9a-f]{12}$`);

interface TaggedImage extends ImageVersion {
  readonly tag: string;
}

/**
 * Removes the lab's own images that newer ones have replaced ({@link outdated}), and those of a day ago or longer whose tag another
 * image has now. What a container uses stays, and so does everything without the lab's label. Returns the tags removed.
 */
export async function removeOldImages(daemon: Daemon, tags: ImageTags): Promise<string[]> {
  const { docker } = daemon;
  const containers = await docker.listContainers({ all: true });
  const used = new Set(containers.map(({ ImageID }) => ImageID));
  const current = new Set([tags.base, ...Object.values(tags.images)]);
  const versions = (await docker.listImages({ filters: own })).flatMap(({ Id, Created, RepoTags }) =>
    (RepoTags ?? []).flatMap((tag): TaggedImage[] => {
      const [, image] = hostImage.exec(tag) ?? [];
      const needed = current.has(tag) || used.has(Id);
      return image === undefined ? [] : [{ tag, image, usedAt: Created * 1000, needed }];
    }),
  );
  const removed: string[] = [];
  for (const { tag } of outdated(versions, Date.now()))
    if (await isRemoved(docker.getImage(tag).remove())) removed.push(tag);
  await docker.pruneImages({ filters: { ...own, dangling: ['true'], until: ['24h'] } });
  return removed;
}

/** Another process may have removed it by now, or begun to use it. */
async function isRemoved(removal: Promise<unknown>): Promise<boolean> {
  try {
    await removal;
    return true;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === 404 || statusCode === 409) return false;
    throw error;
  }
}
