import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type ImageName, imageNames } from '../network/topology.ts';
import { ownFile, ownProgram } from '../own-files.ts';

/** What containers may do unless told otherwise (capabilities(7)), by Docker's defaults, and no host of the lab needs to. */
const unneeded = ['AUDIT_WRITE', 'FSETID', 'MKNOD', 'SETFCAP'];

/** What only FTP servers and the firewalls' web proxy need. */
const ofDaemons = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'NET_BIND_SERVICE', 'SETGID', 'SETUID', 'SYS_CHROOT'];

/**
 * Capabilities of a container of the image, in addition to Docker's defaults and without some of them. NET_ADMIN is the
 * lab's own: only the firewalls' main process keeps it; see lab-unprivileged in lab/engine/images.
 */
export const capabilitiesOf: Record<
  ImageName,
  { readonly add: readonly string[]; readonly drop: readonly string[] }
> = {
  client: { add: ['NET_ADMIN'], drop: [...unneeded, ...ofDaemons] },
  firewall: { add: ['NET_ADMIN'], drop: unneeded },
  vsftpd: { add: ['NET_ADMIN'], drop: unneeded },
  // Its mod_cap keeps NET_BIND_SERVICE for port 20 only if it can keep AUDIT_WRITE as well.
  proftpd: { add: ['NET_ADMIN'], drop: unneeded.filter((name) => name !== 'AUDIT_WRITE') },
  'pure-ftpd': { add: ['NET_ADMIN'], drop: unneeded },
};

/** The sources of the images. */
export interface ImageSources {
  /** A folder with one subfolder per image, and `base` for the files that they share; its Dockerfile says what is in one. */
  readonly folder: string;
  /** The agent as one CommonJS file. */
  readonly agent: string;
}

/** What is beside the images' folders and part of each. */
export const sharedFiles = ['Dockerfile', 'install'] as const;

/** Where the agent is in an image's folder. */
export const agentPath = 'root/opt/ftplab/agent.cjs';

/** Derives tags from the sources: an image whose tag is already on the engine need not be built again. */
export interface ImageTags {
  readonly base: string;
  readonly images: Readonly<Record<ImageName, string>>;
}

let shipped: { readonly sources: ImageSources; readonly tags: ImageTags } | undefined;

/** The lab's own images. They are read once a process. */
export function shippedImages(): { readonly sources: ImageSources; readonly tags: ImageTags } {
  if (shipped === undefined) {
    const sources = { folder: ownFile('lab/engine/images'), agent: ownProgram('agent.cjs') };
    shipped = { sources, tags: imageTags(sources) };
  }
  return shipped;
}

/** `isa-ftp-lab/<name>:<12 hex digits>`; the digits change if anything in the image's sources changes. */
export function imageTag(name: ImageName): string {
  return shippedImages().tags.images[name];
}

/** Tags of images built from the given sources. How the base image was made does not count: every Debian 12 will do. */
export function imageTags({ folder, agent }: ImageSources): ImageTags {
  const base = digest('base', (hash) => {
    for (const file of sharedFiles) hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
    addFolder(hash, join(folder, 'base'));
  });
  const images = imageNames.map((name) => [
    name,
    digest(name, (hash) => {
      hash.update(`${base}\0${agent}\0`);
      addFolder(hash, join(folder, name));
    }),
  ]);
  return { base, images: Object.fromEntries(images) };
}

function digest(name: string, feed: (hash: Hash) => void): string {
  const hash = createHash('sha256');
  feed(hash);
  return `isa-ftp-lab/${name}:${hash.digest('hex').slice(0, 12)}`;
}

function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
}
