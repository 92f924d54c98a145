import type { Verdict } from '../../model/cell.ts';
import { type ChainChange, chainChanges } from '../../policy/chain-changes.ts';
import { isTextOfRules } from '../../policy/iptables-save.ts';
import { nftChanges } from '../../policy/nft/changes.ts';
import { layoutOf } from '../../policy/nft/statements.ts';
import { isNftText } from '../../policy/nft/whole-truth.ts';

/** Where in the user's file a sentence stands. */
export interface Place {
  /** From 1; null if no line is known. */
  readonly line: number | null;
}

/** A line of the later text at which a change stands: a new line, or the line before which others are gone. */
export interface ChangedLine {
  readonly line: number;
  readonly removed: readonly { readonly line: number; readonly text: string }[];
}

/** Where a text differs from a former one. Nothing for texts other than those of iptables-save and nft. */
export function changedLines(former: string, text: string): ChangedLine[] {
  return changesOf(former, text).flatMap(({ lines }) => {
    const places: ChangedLine[] = [];
    let removed: { line: number; text: string }[] = [];
    for (const { sign, ...line } of lines) {
      if (sign === '-') removed.push(line);
      else {
        if (sign === '+' || removed.length > 0) places.push({ line: line.line, removed });
        removed = [];
      }
    }
    const last = lines.findLast(({ sign }) => sign !== '-');
    return removed.length > 0 && last ? [...places, { line: last.line, removed }] : places;
  });
}

function changesOf(former: string, text: string): ChainChange[] {
  if (isNftText(former) && isNftText(text)) return nftChanges(former, text);
  return isTextOfRules(former) && isTextOfRules(text) ? chainChanges(former, text) : [];
}

/**
 * The line that decided, as who reads the change looks for it: of the lines by which the packet came there, the last one that the
 * change touches, else the one of the built-in chain. A policy stands in the line that declares its chain; a rule of a rule set
 * where its name is written. Without any of them the first line that the change touches.
 */
export function placeOf({ way = [], rule }: Verdict, text = '', changes: readonly ChangedLine[] = []): Place {
  // A line of an included file is not one of the text.
  const own = way.filter(({ file }) => file === undefined);
  const lines = own.flatMap(({ table, chain, line }) => line ?? policyLine(text, table, chain) ?? []);
  const touched = lines.findLast((line) => changes.some((change) => change.line === line));
  const named = rule === null || isTextOfRules(text) || isNftText(text) ? null : lineWith(text, rule);
  return { line: touched ?? lines[0] ?? named ?? changes[0]?.line ?? null };
}

function policyLine(text: string, table: string, chain: string): number | null {
  if (isNftText(text)) {
    const own = layoutOf(text).declarations.filter((one) => one.chain === `${table} ${chain}`);
    return own.find((one) => /^policy\b/.test(one.text))?.line ?? own[0]?.line ?? null;
  }
  let inside = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('*')) inside = line.trim() === `*${table.replace(/^ip6 /, '')}`;
    else if (inside && line.startsWith(`:${chain} `)) return index + 1;
  }
  return null;
}

/** The only line that has a rule's name in quotes. */
function lineWith(text: string, rule: string): number | null {
  const lines = text.split('\n').flatMap((line, index) => {
    const quoted = ["'", '"', '`'].some((quote) => line.includes(`${quote}${rule}${quote}`));
    return quoted ? [index + 1] : [];
  });
  return lines.length === 1 ? (lines[0] ?? null) : null;
}
