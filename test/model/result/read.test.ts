import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RulesNote } from '../../../lab/model/result/note.ts';
import { readResults, resultKinds } from '../../../lab/model/result/read.ts';
import { type Result, resultSchema } from '../../../lab/model/result/result.ts';
import { printableData } from '../../../lab/printable.ts';
import { resultJson } from '../../../lab/report/json.ts';
import { runOf, wholeRun } from '../../report/fixtures.ts';
import { arbitraryOf } from './arbitrary.ts';

describe.each(resultSchema.options.map((schema) => [schema.shape.kind.value, schema] as const))(
  'a document of kind %s',
  (_kind, schema) => {
    const documents = (arbitraryOf(schema) as fc.Arbitrary<Result>).map(printableData).map(ofShippedNetwork);

    it('survives being written and read', () => {
      fc.assert(
        fc.property(documents, (document) => {
          expect(readResults('a.json', resultJson(document))).toEqual([document]);
        }),
        { numRuns: 50 },
      );
    });

    it('is refused with a field that is not known', () => {
      const [document] = fc.sample(documents, { numRuns: 1, seed: 1 });
      const text = JSON.stringify({ ...document, colour: 'red' });
      expect(() => readResults('a.json', text)).toThrow(
        'a.json is not a result of ftplab: it has an unknown field "colour"',
      );
    });
  },
);

const samples = new URL('version-1/', import.meta.url);

/** What the lab wrote before documents had kinds, with lists shortened. */
const written = readdirSync(samples).map(
  (name) => [name, readFileSync(new URL(name, samples), 'utf8')] as const,
);

/** Cells of another network would have other hosts. */
function ofShippedNetwork(document: Result): Result {
  const { network, ...rest } = document;
  return 'cells' in document ? (rest as Result) : document;
}

describe('version 1', () => {
  it.each(written)('%s is read, and nothing of it is lost', (name, text) => {
    const old = name === 'rounds.json' ? text.trim().split('\n') : [text];
    const read = readResults(name, text);
    expect(read).toHaveLength(old.length);
    for (const [index, document] of old.entries()) expect(renamed(read[index])).toMatchObject(kept(document));
  });

  it('has every kind', () => {
    const kinds = written.flatMap(([name, text]) => readResults(name, text).map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(
      new Set(resultKinds.filter((kind) => kind !== 'fix' && kind !== 'server-diagnosis')),
    );
  });

  it('says that it does not know where it comes from', () => {
    for (const [name, text] of written)
      for (const { lab, engine, files, version } of readResults(name, text))
        expect({ lab, engine, files, version }).toEqual({ lab: null, engine: null, files: [], version: 2 });
  });

  it('is written as version 2', () => {
    for (const [name, text] of written) {
      const read = readResults(name, text);
      expect(read.flatMap((result) => readResults(name, resultJson(result)))).toEqual(read);
    }
  });
});

/** A document of version 1 without its versions, and without measurements in the place of ways. */
function kept(text: string): object {
  return JSON.parse(text, (key, value) => {
    if (key === 'version') return undefined;
    if (key !== 'line') return value;
    const { from, to, networks, firewalls, alike } = value;
    return { from, to, networks, firewalls, alike };
  });
}

/** A document of version 2 with the names that version 1 had. */
function renamed(result: Result | undefined): unknown {
  switch (result?.kind) {
    case 'plan':
      return { ...result, engine: result.by };
    case 'status':
      return {
        ...result,
        labs: result.labs.map((lab) => ({
          ...lab,
          networks: lab.networks.map(({ engineName, ...rest }) => ({ ...rest, network: engineName })),
          hosts: lab.hosts.map(({ engineName, ...rest }) => ({ ...rest, container: engineName })),
        })),
      };
    case 'run':
      return { ...result, setting: result.setting && { ...result.setting, notes: textsOf(result.setting) } };
    case 'round':
      return { ...result, notes: textsOf(result) };
    default:
      return result;
  }
}

function textsOf({ notes }: { readonly notes?: readonly RulesNote[] }) {
  return notes?.map(({ text }) => text);
}

describe('what is not a result', () => {
  const run = resultJson(runOf(wholeRun()));
  const damaged = (change: (document: ReturnType<typeof JSON.parse>) => void) => {
    const document = JSON.parse(run);
    change(document);
    return JSON.stringify(document);
  };
  it.each<[what: string, text: string, message: string | RegExp]>([
    ['no JSON', 'nonsense', /^a\.json is not a result of ftplab: .*JSON/],
    ['nothing', '', /^a\.json is not a result/],
    ['a list', '[]', 'it does not say which kind of result it is'],
    ['another version', damaged((document) => (document.version = 3)), 'its version is 3, expected 1 or 2'],
    ['another kind', '{"kind":"weather","version":2}', 'its kind is "weather"'],
    ['another document of version 1', '{"version":1,"colours":[]}', 'it does not say which kind'],
    [
      'an unknown server',
      damaged((document) => (document.cells[3].server = 'iis')),
      /a\.json is not a result of ftplab: cells\[3\]\.server is "iis", and its network has no such host/,
    ],
    [
      'a cell without steps',
      damaged((document) => delete document.cells[1].steps),
      'cells[1].steps is missing',
    ],
    [
      'a field too many',
      damaged((document) => (document.cells[0].verdict.colour = 'red')),
      'cells[0].verdict has an unknown field "colour" (written by isa-ftp-lab 1.0.0)',
    ],
    [
      'a text in place of a number',
      damaged((document) => (document.summary.ms = '1 s')),
      'summary.ms is "1 s"',
    ],
    ['values too deep', '['.repeat(1_000_000), 'more than 64 deep'],
    ['a bad line among rounds', '{"kind":"round"}\n{}\n', 'a.json, line 1, is not a result'],
  ])('%s is refused by name', (_what, text, message) => {
    expect(() => readResults('a.json', text)).toThrow(message);
  });

  it('takes a byte order mark', () => {
    expect(readResults('a.json', `\ufeff${run}`)).toHaveLength(1);
  });
});
