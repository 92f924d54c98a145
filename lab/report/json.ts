import type { CellResult } from '../model/cell.ts';
import type { Result } from '../model/result/result.ts';
import type { RunResult } from '../model/result/run.ts';

/** The document that `--json` writes, indented, with a line feed at the end; a round, of which a file holds many, in one line. */
export function resultJson(result: Result): string {
  switch (result.kind) {
    case 'run':
      return runJson(result);
    case 'round':
      return `${JSON.stringify(result)}\n`;
    default:
      return `${JSON.stringify(result, null, 2)}\n`;
  }
}

/** A cell's evidence is one line: indented it would be most of the document. */
function runJson({ cells, kind, version, lab, engine, files, ...rest }: RunResult): string {
  const texts = cells.map((cell) => cellJson(cell).replaceAll('\n', '\n    '));
  const list = cells.length === 0 ? '[]' : `[\n    ${texts.join(',\n    ')}\n  ]`;
  const inner = (fields: object) => JSON.stringify(fields, null, 2).slice(1, -2);
  return `{${inner({ kind, version, lab, engine, files })},\n  "cells": ${list},${inner(rest)}\n}\n`;
}

function cellJson({ evidence, ...cell }: CellResult): string {
  const text = JSON.stringify(cell, null, 2);
  return evidence ? `${text.slice(0, -2)},\n  "evidence": ${JSON.stringify(evidence)}\n}` : text;
}
