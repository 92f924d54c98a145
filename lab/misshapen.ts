/* What is wrong with data that somebody else wrote, from what zod says of it. */
import type { z } from 'zod';

/** `firewalls.isa-y.accessRules[0].name is 5: expected string`, or with `whole` in place of an empty path. */
export function misshapenText(error: z.ZodError, value: unknown, whole: string): string {
  const issue = error.issues[0] && deepestIssue(error.issues[0]);
  const path = issue?.path ?? [];
  const place = path.length > 0 ? pathText(path) : whole;
  if (issue?.code === 'unrecognized_keys')
    return `${place} has an unknown field ${JSON.stringify(issue.keys[0])}`;
  if (issue?.code === 'invalid_key') {
    const within = path.length > 1 ? pathText(path.slice(0, -1)) : whole;
    return `${within} has the key ${JSON.stringify(path.at(-1))}: ${issue.issues[0]?.message}`;
  }
  const found = path.reduce<unknown>((from, key) => (from as Record<PropertyKey, unknown>)?.[key], value);
  const missing = found === undefined && path.length > 0;
  return `${place} is ${missing ? 'missing' : valueText(found)}: ${issue?.message}`;
}

/** Of a union's alternatives, the error of the one that matched furthest. */
function deepestIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().map((nested) => {
    const deepest = deepestIssue(nested);
    return { ...deepest, path: [...issue.path, ...deepest.path] };
  });
  return inner.sort((a, b) => b.path.length - a.path.length)[0] ?? issue;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function valueText(value: unknown): string {
  if (typeof value === 'function') return `a function${value.name ? ` (${value.name})` : ''}`;
  if (typeof value === 'bigint' || typeof value === 'symbol' || value === undefined) return String(value);
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    return 'an object without a text';
  }
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
