import type { Names } from '../model/names.ts';
import type { AboutFile, EngineIdentity, Origin } from '../model/origin.ts';
import { ownNetwork } from '../network/topology.ts';
import { labVersion } from '../own-files.ts';

/** What a result of this lab says of where it comes from. */
export function originOf(
  engine: EngineIdentity | null,
  rules: readonly { readonly files?: readonly AboutFile[] }[] = [],
  names: Names = {},
): Origin {
  const network = ownNetwork();
  return {
    lab: labVersion(),
    engine,
    files: rules.flatMap(({ files }) => files ?? []),
    ...(network && { network }),
    ...(Object.keys(names).length > 0 && { names }),
  };
}

/** The same of a result that a running lab came to. */
export function originIn(
  { engine, names }: { readonly engine: EngineIdentity; readonly names: Names },
  rules: readonly { readonly files?: readonly AboutFile[] }[] = [],
): Origin {
  return originOf(engine, rules, names);
}

/** An engine as documents name it, from its `docker 20.10.24`. */
export function identityOf({ version: text }: { readonly version: string }): EngineIdentity {
  const [name = '', ...version] = text.split(' ');
  return { name, version: version.join(' ') };
}
