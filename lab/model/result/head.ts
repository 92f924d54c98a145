/* What every document begins with. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { networkDefinition } from '../../network/definition.ts';
import { names, sha256 } from './name-schemas.ts';

const aboutFile = z.strictObject({ path: z.string().describe('As it was given.'), sha256 });
/** A file that a result is about. */
export interface AboutFile extends Data<typeof aboutFile> {}

const engine = z.strictObject({ name: z.string().describe('docker, namespaces, ...'), version: z.string() });
/** What ran the lab. */
export interface EngineIdentity extends Data<typeof engine> {}

const origin = {
  lab: z
    .string()
    .nullable()
    .describe(
      "The lab's version. null if the document was read from version 1, which did not record it, nor engine and files.",
    ),
  engine: engine
    .nullable()
    .describe('What ran the lab; null if none took part. Versions of several engines are joined by ", ".'),
  files: z
    .array(aboutFile)
    .describe('Each file that the result is about, such as the rules that were tried.'),
  network: networkDefinition
    .exactOptional()
    .describe('The network that it is about, if that is not the one of the original report.'),
  names: names
    .exactOptional()
    .describe(
      "What the user calls hosts of the lab. Sentences have these names, fields and cells the lab's own. Absent if none has another name.",
    ),
};
const originSchema = z.strictObject(origin);
/** Where a result comes from. */
export interface Origin extends Data<typeof originSchema> {}

/** What a document says after its head. */
export type Found<Document extends Origin> = Omit<Document, 'kind' | 'version' | keyof Origin>;

/** The fields that a document of a kind begins with. */
export function headOf<Kind extends string>(kind: Kind) {
  return { kind: z.literal(kind), version: z.literal(2), ...origin };
}
