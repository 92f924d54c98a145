import { readFile, writeFile } from 'node:fs/promises';
import type { HeldLab } from '../truth/held-lab.ts';
import { gateways } from './gateways.ts';
import { type Mended, mendGateway } from './mend-gateway.ts';
import { lineOf, withGateways } from './table.ts';

/**
 * Mends the gateways whose names match, prints a line for each and how many are as good as the expert's, and writes the table into
 * `update`. Returns the status to end with: 1 unless all are, 2 if there was nothing to mend.
 */
export async function mendAll(
  held: HeldLab,
  pattern: string,
  { json = false, update }: { readonly json?: boolean; readonly update?: string },
): Promise<number> {
  const chosen = gateways.filter(({ name }) => new RegExp(pattern, 'i').test(name));
  if (chosen.length === 0) {
    console.error(`No gateway matches ${pattern}.`);
    return 2;
  }
  const progress = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const mended: Mended[] = [];
  for (const gateway of chosen) {
    const one = await mendGateway(await held.get(), gateway, held.network, { progress });
    mended.push(one);
    console.log(json ? JSON.stringify(one) : lineOf(one));
    // A run that is cut short keeps what it has.
    if (update !== undefined) await writeFile(update, withGateways(await readFile(update, 'utf8'), mended));
  }
  const good = mended.filter(({ wrong }) => wrong.length === 0).length;
  if (!json) console.log(`${good} of ${mended.length} gateways are mended as well as an expert did.`);
  return good === mended.length ? 0 : 1;
}
