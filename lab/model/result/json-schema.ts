import { z } from 'zod';
import { resultSchema } from './result.ts';

/** The schema of every document as JSON Schema (draft 2020-12), indented: docs/result.schema.json. */
export function resultJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(resultSchema);
  const title = 'Results of isa-ftp-lab, version 2';
  return `${JSON.stringify({ $schema, title, ...schema }, null, 2)}\n`;
}
