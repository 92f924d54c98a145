import type { Check } from '../../model/check.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

const signWidth = 9;

/** What the doctor found: each requirement with its purpose, what needs it, and how to get it if it is missing. */
export function checkList(checks: readonly Check[], style: Style): string {
  const colors = colorsOf(style);
  const indent = ' '.repeat(signWidth);
  return checks
    .flatMap(({ name, ok, detail, purpose, neededBy, commands = [], fix }) => {
      const sign = ok === true ? 'ok' : ok === false ? 'MISSING' : 'unknown';
      const paint = ok === true ? colors.green : ok === false ? colors.red : colors.yellow;
      const needing = [
        ...(neededBy === 'all' ? ['every scenario'] : neededBy),
        ...commands.map((command) => `"ftplab ${command}"`),
      ];
      const need = needing.join(', ') || 'no scenario yet';
      const room = style.width - signWidth;
      const [first = '', ...rest] = wrap(`${name}: ${detail}`, room).split('\n');
      return [
        paint(sign.padEnd(signWidth)) + first,
        ...rest.map((line) => indent + line),
        ...wrap(`for: ${purpose}; needed by: ${need}`, room)
          .split('\n')
          .map((line) => indent + colors.dim(line)),
        ...(fix === undefined || ok === true
          ? []
          : wrap(`to do: ${fix}`, room)
              .split('\n')
              .map((line) => indent + line)),
      ];
    })
    .join('\n');
}
