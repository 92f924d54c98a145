/** Writes docs/result.schema.json: what the JSON documents of the lab hold, for programs in other languages. */
import { writeFile } from 'node:fs/promises';
import { resultJsonSchema } from '../lab/model/result/json-schema.ts';

await writeFile(new URL('result.schema.json', import.meta.url), resultJsonSchema());
