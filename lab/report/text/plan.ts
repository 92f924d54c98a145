import type { LabChange } from '../../model/result/plan.ts';

const signs = { create: '+', change: '~', remove: '-' } as const;

/** What `up` would do, one line per item, then the totals: `+` is created, `~` is replaced, `-` is removed. */
export function planReport(name: string, changes: readonly LabChange[]): string {
  if (changes.length === 0) return `${name} is up to date: nothing to do.`;
  const width = Math.max(...changes.map(({ kind }) => kind.length));
  const count = (action: LabChange['action']) => changes.filter((change) => change.action === action).length;
  return [
    ...changes.map(({ action, kind, name: thing, because }) => {
      const reason = because.length === 0 ? '' : `  (${because.join(', ')})`;
      return `${signs[action]} ${kind.padEnd(width)}  ${thing}${reason}`;
    }),
    '',
    `${name}: ${count('create')} to create, ${count('change')} to replace, ${count('remove')} to remove.`,
  ].join('\n');
}
