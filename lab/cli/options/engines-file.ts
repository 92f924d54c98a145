import { readFile } from 'node:fs/promises';
import type { Engine } from '../../engine/engine.ts';
import { LabError } from '../../errors.ts';

/** A line of an engines file: a `DOCKER_HOST`, and the folder of its certificates where it wants TLS. */
export interface EngineLine {
  readonly host: string;
  readonly certificates: string | null;
}

/** The engines that a file lists, each once it has answered. Throws LabError as {@link enginesIn} and `findEngine`. */
export async function readEngines(file: string): Promise<Engine[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new LabError('usage', 'unreadable', `${file} cannot be read: ${error.message}`);
  });
  const { findEngine } = await import('../engine.ts');
  return Promise.all(
    enginesIn(text, file).map(({ host, certificates }) =>
      findEngine({
        kind: 'docker',
        env: {
          ...process.env,
          DOCKER_HOST: host,
          ...(certificates === null ? {} : { DOCKER_CERT_PATH: certificates, DOCKER_TLS_VERIFY: '1' }),
        },
      }),
    ),
  );
}

/** Reads an engines file; `#` begins a comment. Throws LabError `usage` for one that lists nothing, or one twice. */
export function enginesIn(text: string, file: string): EngineLine[] {
  const lines = text.split('\n').map((line, index) => ({
    number: index + 1,
    words: line.replace(/#.*/, '').split(/\s+/).filter(Boolean),
  }));
  const engines = lines.flatMap(({ number, words: [host, certificates, ...rest] }): EngineLine[] => {
    if (host === undefined) return [];
    if (rest.length > 0)
      throw new LabError(
        'usage',
        'bad-engines-file',
        `${file}:${number} has more than an engine and its certificates: "${rest.join(' ')}"`,
        'A line is a DOCKER_HOST, then the folder with ca.pem, cert.pem and key.pem if it wants TLS.',
      );
    return [{ host, certificates: certificates ?? null }];
  });
  const twice = engines.find(({ host }, index) => engines.findIndex((other) => other.host === host) < index);
  if (engines.length === 0 || twice)
    throw new LabError(
      'usage',
      'bad-engines-file',
      twice ? `${file} lists ${twice.host} twice` : `${file} lists no engine`,
      'A line is a DOCKER_HOST, such as unix:///run/docker.sock, tcp://host:2376 or ssh://user@host.',
    );
  return engines;
}
