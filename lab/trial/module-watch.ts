import { parse } from 'acorn';
import { simple } from 'acorn-walk';

/** What an insertion goes before: a place in the code, counted in UTF-16 units from its start. */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * Has code say where it is: each round of a loop calls `$at(line, column)` (from 1 and from 0), and what is awaited goes
 * through `$awaiting(line, column, value)`. Lines remain where they are, columns do not.
 */
export function watchedCode(code: string): string {
  const insertions: Insertion[] = [];
  const insert = (at: number, text: string) => insertions.push({ at, text });
  const loop = ({ start, body }: { start: number; body: { start: number; end: number } }) => {
    insert(body.start, `{${called('$at', code, start)});`);
    insert(body.end, '}');
  };
  simple(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), {
    ForStatement: loop,
    ForInStatement: loop,
    ForOfStatement: loop,
    WhileStatement: loop,
    DoWhileStatement: loop,
    AwaitExpression({ start, argument }) {
      insert(argument.start, `${called('$awaiting', code, start)}, (`);
      insert(argument.end, '))');
    },
  });
  return apply(code, insertions);
}

function called(name: string, code: string, at: number): string {
  const before = code.slice(0, at).split('\n');
  return `${name}(${before.length}, ${before.at(-1)?.length ?? 0}`;
}

function apply(code: string, insertions: readonly Insertion[]): string {
  let done = 0;
  let text = '';
  // Those at one place remain in the order in which they were made.
  for (const { at, text: inserted } of [...insertions].sort((a, b) => a.at - b.at)) {
    text += code.slice(done, at) + inserted;
    done = at;
  }
  return text + code.slice(done);
}
