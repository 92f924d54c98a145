import { LabError } from '../../errors.ts';
import { misshapenText } from '../../misshapen.ts';
import type { NetworkDefinition } from '../../network/definition.ts';
import { shipped } from '../../network/shipped.ts';
import { printableData } from '../../printable.ts';
import { type Result, type ResultKind, resultSchema } from './result.ts';
import { fromVersion1 } from './version-1.ts';

/** A run with the evidence of 505 cells has 10 MB, and its deepest value, a rule that a packet met, lies 12 deep. */
const mostCharacters = 256 * 1024 * 1024;
const mostDepth = 64;

/** Every kind of document. */
export const resultKinds: readonly ResultKind[] = resultSchema.options.map(({ shape }) => shape.kind.value);

/**
 * Reads what the lab wrote as JSON: one document, or a line for each as a watched file's rounds have it. Documents of
 * version 1 become those of version 2; control characters in texts are spelled out. A field that the schema does not have is refused, because its meaning is unknown.
 * Throws LabError `not-a-result` that names the file, the field and what was expected.
 */
export function readResults(file: string, text: string): Result[] {
  if (text.length > mostCharacters)
    throw notAResult(file, `it has ${Math.round(text.length / 1024 / 1024)} MB, and no result is that large`);
  const [first = '', second] = text.trimEnd().split('\n', 2);
  if (second !== undefined && isWhole(first))
    return text
      .trimEnd()
      .split('\n')
      .map((line, index) => readResult(`${file}, line ${index + 1},`, line));
  return [readResult(file, text)];
}

/** Whether a line is a document: the other documents have several lines. */
function isWhole(line: string): boolean {
  return line.startsWith('{') && line.endsWith('}');
}

function readResult(file: string, text: string): Result {
  const read = parsed(file, text);
  const value = fromVersion1(read) ?? read;
  const { kind, version, lab } = fieldsOf(value);
  if (!resultKinds.some((known) => known === kind))
    throw notAResult(
      file,
      kind === undefined
        ? 'it does not say which kind of result it is'
        : `its kind is ${JSON.stringify(kind)}`,
    );
  if (version !== 2) throw notAResult(file, `its version is ${JSON.stringify(version)}, expected 1 or 2`);
  const checked = resultSchema.safeParse(value);
  if (checked.success) {
    const unknown = unknownName(checked.data);
    if (unknown !== undefined) throw notAResult(file, unknown);
    return checked.data;
  }
  const by = typeof lab === 'string' ? ` (written by isa-ftp-lab ${lab})` : '';
  throw notAResult(file, `${misshapenText(checked.error, value, 'it')}${by}`, checked.error);
}

/** The first cell whose client or server its network does not have, in words. */
function unknownName(result: Result): string | undefined {
  if (!('cells' in result)) return undefined;
  const { hosts, staged = {} }: NetworkDefinition = result.network ?? shipped;
  const isKnown = (name: string) => Object.hasOwn(hosts, name) || Object.hasOwn(staged, name);
  for (const [index, cell] of result.cells.entries())
    for (const end of ['client', 'server'] as const)
      if (!isKnown(cell[end]))
        return `cells[${index}].${end} is "${cell[end]}", and its network has no such host`;
  return undefined;
}

function parsed(file: string, text: string): unknown {
  const json = text.replace(/^\ufeff/, '');
  if (isDeeperThan(json, mostDepth))
    throw notAResult(file, `its values lie more than ${mostDepth} deep, and no result's do`);
  try {
    return printableData(JSON.parse(json));
  } catch (error) {
    throw notAResult(file, error instanceof Error ? error.message : String(error), error);
  }
}

/** Whether brackets in a JSON text nest deeper; those in its strings do not count. */
function isDeeperThan(json: string, most: number): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > most) return true;
  }
  return false;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function notAResult(file: string, why: string, cause?: unknown): LabError {
  return new LabError(
    'usage',
    'not-a-result',
    `${file} is not a result of ftplab: ${why}`,
    '"ftplab run --json FILE" writes one; docs/results.md lists the kinds.',
    { cause },
  );
}
