import type { CellResult } from '../../lab/index.ts';

/** What a result says, without addresses and ports. Where a scenario leaves to chance which step fails, that is left out. */
export function comparable({ steps, verdict, expected, asExpected }: CellResult) {
  const { uploaded, failedAt, cause, firewall, rule, left } = verdict;
  const byChance = expected?.uploaded === false && expected.failedAt === undefined;
  const outcomes = steps.map(({ name, outcome }) => `${name} ${outcome}`);
  const failure = { failedAt, left: amount(left), outcomes };
  return { uploaded, cause, firewall, rule, asExpected, ...(!byChance && failure) };
}

/** How much of the file is on the server: of random contents that a server alters, and of a transfer cut off, the bytes differ. */
function amount(left: CellResult['verdict']['left']) {
  if (!left?.bytes) return left?.bytes;
  return left.bytes < left.of
    ? 'a part'
    : left.bytes === left.of
      ? 'as much as was sent'
      : 'more than was sent';
}
