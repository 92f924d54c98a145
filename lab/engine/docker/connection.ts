import Dockerode from 'dockerode';
import { guardAnswers, type Modem } from './guard-answers.ts';

/** A client of the Docker Engine API. dockerode is imported here alone. */
export type Docker = Dockerode;

/** A network and a container as the engine describes them. */
export type NetworkInfo = Dockerode.NetworkInspectInfo;
export type ContainerInfo = Dockerode.ContainerInspectInfo;

/** How to speak to an engine. */
export type Address =
  | { readonly via: 'unix'; readonly path: string }
  | {
      readonly via: 'tcp';
      readonly host: string;
      readonly port: number;
      /** PEM texts for mutual TLS; `null` speaks plain HTTP. */
      readonly tls: {
        readonly ca: string;
        readonly cert: string;
        readonly key: string;
        /** Where they are: `DOCKER_CERT_PATH`. */
        readonly folder: string;
      } | null;
    };

/** A client for that address. Connects at the first request. */
export function connectTo(address: Address): Docker {
  const docker = clientOf(address);
  guardAnswers(docker.modem as unknown as Modem);
  return docker;
}

function clientOf(address: Address): Docker {
  switch (address.via) {
    case 'unix':
      // dockerode takes from DOCKER_HOST what is not given here, and prefers it.
      return new Dockerode({ host: '', protocol: 'http', socketPath: address.path });
    case 'tcp': {
      const { host, port, tls } = address;
      return new Dockerode({
        host,
        port,
        ...(tls === null
          ? { protocol: 'http' }
          : { protocol: 'https', ca: tls.ca, cert: tls.cert, key: tls.key }),
      });
    }
  }
}

/** Environment variables that lead other programs to that address, as for docker(1); an empty value overrides an inherited one. */
export function environmentOf(address: Address): Record<string, string> {
  const plain = { DOCKER_CERT_PATH: '', DOCKER_TLS_VERIFY: '', DOCKER_CONTEXT: '' };
  switch (address.via) {
    case 'unix':
      return { ...plain, DOCKER_HOST: `unix://${address.path}` };
    case 'tcp': {
      const { host, port, tls } = address;
      const secure = tls === null ? {} : { DOCKER_CERT_PATH: tls.folder, DOCKER_TLS_VERIFY: '1' };
      return { ...plain, ...secure, DOCKER_HOST: `tcp://${host}:${port}` };
    }
  }
}

/** What the engine says of itself. `@types/dockerode` does not know that `version` takes options. */
export function versionOf(docker: Docker, signal: AbortSignal): Promise<Dockerode.DockerVersion> {
  const options = { abortSignal: signal };
  return (docker as { version(given: typeof options): Promise<Dockerode.DockerVersion> }).version(options);
}
