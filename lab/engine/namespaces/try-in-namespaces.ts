import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensureLayers, hasSystem, imagesFolder, layersOf } from './layers.ts';
import { environment, inUserNamespace, userNamespaceOptions } from './privileges.ts';

const run = promisify(execFile);

/** The namespaces that a lab's first process gets. */
export const namespaces = [
  ...['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--mount-proc'],
];

/**
 * Runs a shell script in a firewall's file system, in separate namespaces, to its end; returns what it wrote. Throws an Error
 * in the words of the program that failed.
 */
export async function tryInNamespaces(script: string): Promise<string> {
  // The files of the lab's own are quick to write; Debian's take long, and "up" makes them.
  if (hasSystem()) await ensureLayers();
  const lower = layersOf('firewall').map((layer) => `/run/images/${layer}`);
  const options = [`lowerdir=${lower.join(':')}`, 'upperdir=/run/upper,workdir=/run/work'];
  const around = `set -e
mount -t tmpfs try /run
mkdir /run/images /run/upper /run/work /run/root
mount --bind "$1" /run/images
mount -t overlay overlay -o ${[...options, ...(inUserNamespace() ? ['userxattr'] : [])].join(',')} /run/root
mount -t proc proc /run/root/proc
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin exec chroot /run/root sh -c "$2" 2>&1`;
  const args = [...userNamespaceOptions(), ...namespaces, 'sh', '-c', around, 'sh', imagesFolder(), script];
  const { stdout } = await run('unshare', args, { env: environment(), timeout: 60_000 }).catch(
    (error: { stderr?: string }) => {
      throw new Error(error.stderr?.trim() || 'they ended without a word', { cause: error });
    },
  );
  return stdout;
}
