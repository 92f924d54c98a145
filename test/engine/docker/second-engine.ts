import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer, type Server } from 'node:tls';
import type { Daemon } from '../../../lab/engine/docker/find-daemon.ts';
import { findDaemon } from '../../../lab/engine/docker/find-daemon.ts';
import { shippedImages } from '../../../lab/stack/images.ts';

/** Why no second engine can be had here, or `undefined`. */
export function reasonAgainstSecondEngine(): string | undefined {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (process.getuid?.() !== 0) return 'it needs root';
  try {
    for (const program of ['dockerd', 'unshare', 'openssl']) execFileSync('which', [program]);
    return undefined;
  } catch {
    return 'it needs dockerd, unshare and openssl on this machine';
  }
}

/**
 * A second Docker daemon on this machine, with a network namespace of its own: its bridges, addresses and iptables rules
 * are apart from the first one's. Has the lab's images.
 */
export class SecondEngine implements AsyncDisposable {
  readonly #stops: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly daemon: Daemon,
    readonly folder: string,
    readonly host: string,
  ) {}

  static async start(first: Daemon): Promise<SecondEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'ftplab-dockerd-'));
    const host = `unix://${join(folder, 'docker.sock')}`;
    const child = spawn(
      'unshare',
      [
        ...['--net', '--fork', '--kill-child', 'sh', '-c', 'ip link set lo up; exec "$@"', 'sh'],
        ...[
          'dockerd',
          '--host',
          host,
          '--data-root',
          join(folder, 'data'),
          '--exec-root',
          join(folder, 'exec'),
        ],
        ...['--pidfile', join(folder, 'pid')],
      ],
      { stdio: 'ignore', detached: true },
    );
    try {
      const daemon = await answering(host, child);
      const second = new SecondEngine(daemon, folder, host);
      second.#stops.push(() => stop(child, folder));
      const { base, images } = shippedImages().tags;
      const names = [base, ...Object.values(images)];
      await drained(await daemon.docker.loadImage(await imagesOf(first, names)));
      return second;
    } catch (error) {
      await stop(child, folder);
      throw error;
    }
  }

  /** Has it listen by TLS, to clients that show a certificate of its own authority. Returns its `DOCKER_HOST`. */
  async listenByTls(): Promise<{ readonly host: string; readonly certificates: string }> {
    const certificates = makeCertificates(this.folder);
    const read = (name: string) => readFile(join(certificates, name));
    const [ca, cert, key] = await Promise.all(['ca.pem', 'server.pem', 'server-key.pem'].map(read));
    const server: Server = createServer(
      { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), requestCert: true },
      (client) => {
        const inner = createConnection(join(this.folder, 'docker.sock'));
        client.pipe(inner).pipe(client);
        for (const [end, other] of [
          [client, inner],
          [inner, client],
        ] as const)
          end.on('error', () => other.destroy());
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#stops.unshift(async () => server.close());
    const { port } = server.address() as { port: number };
    return { host: `tcp://127.0.0.1:${port}`, certificates };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#stops) await end();
  }
}

async function answering(host: string, daemon: ChildProcess): Promise<Daemon> {
  for (let tries = 0; ; tries++) {
    try {
      return await findDaemon({ DOCKER_HOST: host });
    } catch (error) {
      if (daemon.exitCode !== null || tries > 150) throw error;
      await delay(200);
    }
  }
}

async function stop(daemon: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  const pid = await readFile(join(folder, 'pid'), 'utf8').catch(() => undefined);
  if (pid === undefined) daemon.kill('SIGKILL');
  else process.kill(Number(pid), 'SIGTERM');
  await ended;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function drained(stream: NodeJS.ReadableStream): Promise<void> {
  for await (const _ of stream);
}

/** An authority, and a certificate by it for the server and one for clients. */
function makeCertificates(parent: string): string {
  const folder = join(parent, 'certificates');
  const script = `
mkdir ${folder} && cd ${folder}
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -subj /CN=authority -days 1
sign() { # name, subject, extension
  openssl req -newkey rsa:2048 -nodes -keyout "$1-key.pem" -out "$1.csr" -subj "$2"
  printf '%s' "$3" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -out "$1.pem" -days 1 -extfile "$1.ext"
}
sign server /CN=127.0.0.1 'subjectAltName=IP:127.0.0.1'
sign client /CN=client 'extendedKeyUsage=clientAuth'
cp client.pem cert.pem; cp client-key.pem key.pem`;
  execFileSync('bash', ['-ec', script], { stdio: 'ignore' });
  return folder;
}

/** Several images as one tar stream. `@types/dockerode` does not know the call. */
function imagesOf({ docker }: Daemon, names: readonly string[]): Promise<NodeJS.ReadableStream> {
  const options = { names };
  return (
    docker as unknown as { getImages(given: typeof options): Promise<NodeJS.ReadableStream> }
  ).getImages(options);
}
