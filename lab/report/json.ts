import type { CellResult } from '../model/cell.ts';
import type { RunResult } from '../model/run-result.ts';

/**
 * The document that `--json` writes: the result of a run, indented, with a line feed at the end. A cell's evidence
 * stays on one line, because indented it would make up most of the document.
 */
export function runJson(run: RunResult): string {
  const cells = run.cells.map((cell) => cellJson(cell).replaceAll('\n', '\n    '));
  const rest = JSON.stringify({ ...run, cells: undefined }, null, 2).slice(1, -2);
  const list = cells.length === 0 ? '[]' : `[\n    ${cells.join(',\n    ')}\n  ]`;
  return `{\n  "cells": ${list},${rest}\n}\n`;
}

function cellJson({ evidence, ...cell }: CellResult): string {
  const text = JSON.stringify(cell, null, 2);
  return evidence ? `${text.slice(0, -2)},\n  "evidence": ${JSON.stringify(evidence)}\n}` : text;
}
