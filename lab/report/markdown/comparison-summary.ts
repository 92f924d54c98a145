import type { ComparisonResult } from '../../model/result/comparison.ts';
import { compareCells } from '../../verdict/comparison.ts';
import type { Annotation } from '../annotations/annotations.ts';
import { changeLines, exposureChangesText, over6Texts } from '../text/comparison.ts';
import { demandsText } from '../text/demands.ts';
import { markdownMatrix, textOnly } from './markdown.ts';

/** Wide enough that no sentence is broken: Markdown breaks lines by itself. */
const wide = { width: 100_000, color: false };

/** A comparison as a job's summary shows it: what fails, with its lines; what changes; the matrix of both sides. */
export function comparisonMarkdown(comparison: ComparisonResult, annotations: readonly Annotation[]): string {
  const { before, after, demands, intent, ports, names } = comparison;
  const plain = { ...wide, ...(names && { names }) };
  const errors = annotations.filter(({ level }) => level === 'error');
  const changes = changeLines(compareCells(before.cells, after.cells), names).map(
    ({ sign, text }) => `- \`${sign}\` ${textOnly(text)}`,
  );
  return `${[
    `### ftplab: ${textOnly(after.name)} in place of ${textOnly(before.name)}: ${errors.length === 0 ? 'as asked' : 'NOT as asked'}`,
    ...(annotations.length === 0 ? [] : [annotations.map(entry).join('\n')]),
    ...(demands ? [textOnly(demandsText(demands, after.cells, plain))] : []),
    ...(intent ? [`What the change is for: ${textOnly(intent.why)}`] : []),
    changes.join('\n'),
    ports.length === 0
      ? 'No port opens or closes.'
      : exposureChangesText(ports, plain)
          .split('\n')
          .map((line) => `- ${textOnly(line)}`)
          .join('\n'),
    ...over6Texts(comparison, names).map(textOnly),
    markdownMatrix([...before.cells, ...after.cells], names),
  ].join('\n\n')}\n\n`;
}

function entry({ level, file, line, title, message }: Annotation): string {
  const place = file === null ? '' : `${file}${line === null ? '' : `, line ${line}`}: `;
  const sign = level === 'error' ? '\u274c' : '\u2139\ufe0f';
  return `- ${sign} **${textOnly(place + title)}**<br>${message.split('\n').map(textOnly).join('<br>')}`;
}
