import Dockerode from 'dockerode';

/** A client of the Docker Engine API. dockerode is imported here alone. */
export type Docker = Dockerode;

/** Where an engine listens and how to speak to it. */
export type Address =
  | { readonly via: 'unix'; readonly path: string }
  | {
      readonly via: 'tcp';
      readonly host: string;
      readonly port: number;
      /** PEM texts for mutual TLS; `null` speaks plain HTTP. */
      readonly tls: { readonly ca: string; readonly cert: string; readonly key: string } | null;
    }
  | {
      readonly via: 'ssh';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      /** Socket of the SSH agent that holds the keys (`SSH_AUTH_SOCK`). */
      readonly agent: string | undefined;
    };

/** A client for that address. Connects when it is first asked something. */
export function connectTo(address: Address): Docker {
  switch (address.via) {
    case 'unix':
      return new Dockerode({ socketPath: address.path });
    case 'tcp': {
      const { host, port, tls } = address;
      return new Dockerode({
        host,
        port,
        ...(tls === null ? { protocol: 'http' } : { protocol: 'https', ...tls }),
      });
    }
    case 'ssh': {
      const { host, port, user, agent } = address;
      return new Dockerode({
        protocol: 'ssh',
        host,
        port,
        username: user,
        ...(agent === undefined ? {} : { sshOptions: { agent } }),
      });
    }
  }
}

/** What the engine says of itself. `@types/dockerode` does not know that `version` takes options. */
export function versionOf(docker: Docker, signal: AbortSignal): Promise<Dockerode.DockerVersion> {
  const options = { abortSignal: signal };
  return (docker as { version(given: typeof options): Promise<Dockerode.DockerVersion> }).version(options);
}
