import type { AboutFile, EngineIdentity, Origin } from '../model/origin.ts';
import { labVersion } from '../own-files.ts';

/** What a result of this lab says of where it comes from. */
export function originOf(
  engine: EngineIdentity | null,
  rules: readonly { readonly files?: readonly AboutFile[] }[] = [],
): Origin {
  return { lab: labVersion(), engine, files: rules.flatMap(({ files }) => files ?? []) };
}

/** An engine as documents name it, from its `docker 20.10.24`. */
export function identityOf({ version: text }: { readonly version: string }): EngineIdentity {
  const [name = '', ...version] = text.split(' ');
  return { name, version: version.join(' ') };
}
