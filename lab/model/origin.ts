import { isDeepStrictEqual } from 'node:util';
import type { EngineIdentity, Origin } from './result/head.ts';
import type { ResultKind } from './result/result.ts';

export type { AboutFile, EngineIdentity, Origin } from './result/head.ts';

/** What a document of a kind begins with, see result/head.ts. */
export interface Head<Kind extends ResultKind> extends Origin {
  readonly kind: Kind;
  readonly version: 2;
}

export function headed<Kind extends ResultKind>(
  kind: Kind,
  { lab, engine, files, network, names }: Origin,
): Head<Kind> {
  return {
    kind,
    version: 2,
    lab,
    engine,
    files,
    ...(network && { network }),
    ...(names && { names }),
  };
}

/** The origin of a result that is merged from others, which call hosts alike. */
export function commonOrigin(origins: readonly Origin[]): Origin {
  const labs = origins.map(({ lab }) => lab);
  const files = origins.flatMap((origin) => origin.files);
  const [{ names, network } = {}] = origins;
  return {
    lab: labs.includes(null) ? null : joined(labs.filter((lab) => lab !== null)),
    engine: commonEngine(origins.flatMap(({ engine }) => engine ?? [])),
    files: files.filter(
      (file, index) => !files.slice(0, index).some((earlier) => isDeepStrictEqual(earlier, file)),
    ),
    ...(network && { network }),
    ...(names && { names }),
  };
}

/** Several engines as one: what differs is joined by `, `. `null` for none. */
function commonEngine(engines: readonly EngineIdentity[]): EngineIdentity | null {
  if (engines.length === 0) return null;
  return {
    name: joined(engines.map(({ name }) => name)),
    version: joined(engines.map(({ version }) => version)),
  };
}

function joined(words: readonly string[]): string {
  return [...new Set(words)].join(', ');
}
