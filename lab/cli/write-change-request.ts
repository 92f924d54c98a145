import type { Command } from 'commander';
import type { ComparisonResult } from '../model/result/comparison.ts';
import { labVersion } from '../own-files.ts';
import type { Context } from './context.ts';
import type { Named } from './options/names.ts';
import { checkWritable, writeOutput } from './options/output-file.ts';

/** The two files of a change request. */
interface Files {
  readonly md: string;
  readonly html: string;
}

/** The files of a change request of that name, with or without its extension. Throws LabError `usage` if one cannot be written. */
export async function changeRequestFiles(name: string): Promise<Files> {
  const stem = name.replace(/\.(?:md|html)$/, '');
  const files = { md: `${stem}.md`, html: `${stem}.html` };
  for (const file of Object.values(files)) await checkWritable('write', file);
  return files;
}

/** Writes the document for the change board, which names the words of the command line that made it. Throws LabError. */
export async function writeChangeRequest(
  { md, html }: Files,
  comparison: ComparisonResult,
  command: readonly string[],
): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const { changeRequest } = await import('../report/markdown/change-request/change-request.ts');
  const { markdownPage } = await import('../report/markdown/markdown-page.ts');
  const text = changeRequest(comparison, { version: labVersion(), date, command });
  await writeOutput('write', md, text);
  await writeOutput('write', html, markdownPage(`Change request: ${comparison.after.name}`, text));
}

/** The words of the command line that made a comparison, which also say what hosts are called and which configuration holds. */
export function wordsOf(program: Command, { config }: Context): string[] {
  const { call = [] } = program.opts<{ readonly call?: readonly Named[] }>();
  return [
    ...program.args,
    ...call.flatMap(({ name, value }) => ['--call', `${name}=${value}`]),
    ...(config ? ['--config', config.file] : []),
  ];
}
