import { appendFile, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import type { Result } from '../../model/result/result.ts';
import type { RunResult } from '../../model/run-result.ts';
import { printable } from '../../printable.ts';
import type { Style } from '../../report/text/style.ts';
import { shellWord } from '../../shell-quoted.ts';
import type { Output } from '../output.ts';
import { oldSpelling } from './old-spellings.ts';
import { checkWritable, writeOutput } from './output-file.ts';
import { withPcaps } from './pcap.ts';

/** A document of a run that an option asks for: how its text is made, and how it is written to the file. */
interface Document {
  readonly help: string;
  readonly text: (run: RunResult) => Promise<string>;
  readonly write: (file: string, text: string) => Promise<void>;
}

const documents = {
  json: { help: 'write the results as JSON; - is standard output', text: jsonOf, write: writeFile },
  html: {
    help: 'write a report as one HTML file that needs no network; - is standard output',
    text: async (run: RunResult) => {
      const { htmlReport } = await import('../../report/html/html-report.ts');
      const { causesPage, ownProgram } = await import('../../own-files.ts');
      return htmlReport(run, ownProgram('report-script.js'), causesPage(), {
        at: new Date().toISOString(),
        command: ['ftplab', ...process.argv.slice(2)].map(shellWord).join(' '),
      });
    },
    write: writeFile,
  },
  summary: {
    help: 'append a summary in Markdown, as for $GITHUB_STEP_SUMMARY; - is standard output',
    text: async (run: RunResult) => (await import('../../report/markdown/markdown.ts')).markdown(run),
    write: appendFile,
  },
} as const satisfies Record<string, Document>;

async function jsonOf(result: Result): Promise<string> {
  const { resultJson } = await import('../../report/json.ts');
  return resultJson(result);
}

type DocumentName = keyof typeof documents;
const names = Object.keys(documents) as DocumentName[];

/** Files by the option that names them. `-` is standard output, which then carries nothing else. */
export type DocumentFiles = { readonly [Name in DocumentName]?: string | undefined };

/** How to write `--json`. */
export const jsonForm = '--json FILE, or --json - for standard output';

/** Adds the options for documents to a command. */
export function addDocumentOptions(command: Command): Command {
  command.optionsGroup('Documents:');
  for (const name of names) command.option(`--${name} <file>`, documents[name].help, asFile(name));
  return command.optionsGroup('Options:');
}

/** Adds only `--json` to a command. */
export function addJsonOption(command: Command, help: string = documents.json.help): Command {
  return command.option('--json <file>', help, asFile('json'));
}

/** Parses a file's name. If another option stands in its place, the name was left out. */
function asFile(name: DocumentName): (file: string) => string {
  return (file) => {
    if (!file.startsWith('--')) return file;
    throw oldSpelling(`--${name} needs a file`, jsonForm.replaceAll('json', name));
  };
}

/**
 * Writes a result into the file that `--json` names, if it does, and shows it, unless the document took standard output. Throws
 * LabError if the file cannot be written.
 */
export async function deliver(
  output: Output,
  json: string | undefined,
  result: Result,
  text: (style: Style) => string,
): Promise<void> {
  await checkDocuments({ json });
  if (json !== undefined) await writeDocument('json', json, await jsonOf(result), output);
  if (json !== '-') output.result(text(output.styleFor(result)));
}

/** The files that are written, in the order of the options. */
export function namesOf(files: DocumentFiles): string[] {
  return names.flatMap((name) => files[name] ?? []);
}

/** Whether a document goes to standard output. */
export function documentOnStdout(files: DocumentFiles): boolean {
  return names.some((name) => files[name] === '-');
}

/** Checked before anything starts, so that a missing folder does not cost a whole run. Throws LabError `usage`. */
export async function checkDocuments(files: DocumentFiles): Promise<void> {
  const onStdout = names.filter((name) => files[name] === '-');
  if (onStdout.length > 1)
    throw new LabError(
      'usage',
      'stdout-taken',
      `${onStdout.map((name) => `--${name}`).join(' and ')} cannot both write to standard output`,
    );
  for (const name of names) {
    const file = files[name];
    if (file !== undefined && file !== '-') await checkWritable(name, file);
  }
}

/**
 * Writes the documents. Paths in them are relative to each document's folder, or to the working directory on standard
 * output. Throws LabError `environment` if one cannot be written.
 */
export async function writeDocuments(run: RunResult, files: DocumentFiles, output: Output): Promise<void> {
  for (const name of names) {
    const file = files[name];
    if (file === undefined) continue;
    const folder = file === '-' ? '.' : dirname(file);
    const seen = withPcaps(run, (pcap) => relative(folder, pcap));
    await writeDocument(name, file, await documents[name].text(seen), output);
  }
}

/** Writes a text to the file of the option `name`. Throws LabError `environment` if that fails. */
export async function writeDocument(
  name: DocumentName,
  file: string,
  text: string,
  output: Output,
): Promise<void> {
  if (file === '-') return output.document(text);
  await writeOutput(name, file, printable(text), documents[name].write);
}
