import type { z } from 'zod';

/** The data that a schema describes, read only all the way down. */
export type Data<Schema extends z.ZodType> = ReadonlyDeep<z.infer<Schema>>;

type ReadonlyDeep<Value> = { readonly [Key in keyof Value]: ReadonlyDeep<Value[Key]> };
