import { existsSync } from 'node:fs';
import { run } from './run.js';

const packages = ['bubblewrap', 'iproute2', 'mmdebstrap'];

/**
 * Has apt fetch and install what labs without Docker need, while npm does its part. Only as root on Debian, if something is missing,
 * and no Docker engine or other engine seems to be meant; what is still missing afterwards `ftplab run --install` installs, and says
 * what fails.
 */
export async function headStart(args, env = process.env) {
  const there = (path) => existsSync(path);
  const missing = ['/usr/bin/bwrap', '/usr/bin/mmdebstrap'].some((path) => !there(path));
  const other = env.DOCKER_HOST || env.FTPLAB_ENGINE || args.some((word) => word.startsWith('--engine'));
  if (!missing || other || there('/var/run/docker.sock') || !there('/etc/debian_version')) return;
  if (process.getuid?.() !== 0) return;
  process.stderr.write(`Installing Debian's ${packages.join(' ')} meanwhile (apt-get install)\n`);
  const apt = (...words) =>
    run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '--quiet', ...words], {
      stdio: 'ignore',
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  await apt('update');
  await apt('install', '--yes', '--no-install-recommends', ...packages);
}
