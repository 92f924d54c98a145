import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { difference, type Exposure } from '../model/exposure.ts';
import { allowedSign, type Intent, intentSchema } from '../model/intent.ts';
import { hostMeant, type Names } from '../model/names.ts';
import { abuses } from '../model/pinhole.ts';
import type { CellChange, ComparisonResult, PortChange } from '../model/result/comparison.ts';
import type { PortRange } from '../network/topology.ts';
import { matcherOf } from './select-cells.ts';

/** Reads an intent file. Throws LabError `usage`, which names the field that is wrong. */
export async function readIntent(file: string): Promise<Intent> {
  const wrong = (why: string, cause?: unknown) =>
    new LabError(
      'usage',
      'intent-malformed',
      `${file} is no intent: ${why}`,
      'docs/intent.md describes it, with an example.',
      { cause },
    );
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw wrong(error.message, error);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(`it is not JSON (${(error as Error).message})`, error);
  }
  const { success, data, error } = intentSchema.safeParse(value);
  if (!success) throw wrong(z.prettifyError(error));
  return data;
}

/** What a comparison found. */
type Found = Pick<ComparisonResult, 'changes' | 'ports'> & {
  readonly before: Pick<Exposure, 'pinholes'>;
  readonly after: Pick<Exposure, 'pinholes'>;
};

/** What changed and the intent does not allow. What could not be decided is never allowed. */
export function unintended(
  intent: Intent,
  found: Found,
  names?: Names,
): NonNullable<ComparisonResult['intent']> {
  const { changes, ports, before, after } = found;
  const known = new Set(abuses(before.pinholes).map((test) => JSON.stringify(test)));
  return {
    why: intent.why,
    changes: changes.filter((change) => !allows(intent, change, names)),
    ports: ports.flatMap((change) => {
      const opened = difference(change.opened, allowedPorts(intent, change, 'open', names));
      const closed = difference(change.closed, allowedPorts(intent, change, 'close', names));
      return opened.length + closed.length > 0 ? [{ ...change, opened, closed }] : [];
    }),
    holes: intent.helperMayOpenMore
      ? []
      : abuses(after.pinholes).filter((test) => !known.has(JSON.stringify(test))),
  };
}

function allows({ uploads }: Intent, { cell, aspect, sign }: CellChange, names?: Names): boolean {
  return uploads.some(
    ({ cells, what, may }) =>
      allowedSign[may] === sign && what.includes(aspect) && matcherOf(cells, names)(cell, cell),
  );
}

function allowedPorts(
  { ports }: Intent,
  { line }: PortChange,
  may: 'open' | 'close',
  names: Names | undefined,
): PortRange[] {
  const fits = (word: string, name: string) => word === '*' || hostMeant(word, names) === name;
  return ports
    .filter((entry) => entry.may === may && fits(entry.from, line.from) && fits(entry.to, line.to))
    .flatMap((entry) =>
      entry.ports.split(',').map((range): PortRange => {
        const [first = 0, last = first] = range.trim().split('-').map(Number);
        return [first, last];
      }),
    );
}
