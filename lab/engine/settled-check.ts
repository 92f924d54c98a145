import type { Check } from '../model/check.ts';

/** What a check is about. */
export type About = Pick<Check, 'name' | 'purpose' | 'neededBy'>;

/** `neededBy` as {@link Check} has it. */
export function about(name: string, purpose: string, neededBy: Check['neededBy']): About {
  return { name, purpose, neededBy };
}

/** If a check itself fails, its result is "unknown". */
export async function settled(what: About, check: () => Promise<Omit<Check, keyof About>>): Promise<Check> {
  try {
    return { ...what, ...(await check()) };
  } catch (error) {
    return { ...what, ok: 'unknown', detail: `could not be checked: ${(error as Error).message.trim()}` };
  }
}
