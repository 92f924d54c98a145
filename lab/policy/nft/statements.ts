/*
 * Where the statements of an nft file stand, by its blocks alone (nft(8), "INPUT FILE FORMATS"): which lines hold the rules of which
 * chain, and which commands stand at the top. What a statement means is for nft to say.
 */

/** A statement: one command at the top of the file, the opening of a table's block, or one line of a chain. */
export interface Statement {
  /** Its text on one line, without comments. */
  readonly text: string;
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** Its first character and the one after its last, in the file. */
  readonly span: readonly [from: number, to: number];
  /** The chain that it is a rule of: `family table chain`. Absent for a command. */
  readonly chain?: string;
}

/** A block that is open: a table or a chain by its name; or something else, which belongs to a statement. */
type Open = Omit<Block, 'start' | 'end'> | { readonly kind: 'other' };

/** The block of a table (`family name`) or chain (`family table name`). */
export interface Block {
  readonly kind: 'table' | 'chain';
  readonly name: string;
  /** Whether it is one of a command, such as `add chain ip filter forward { ... }`. */
  readonly byCommand: boolean;
  /** Where its first word and its closing brace stand. */
  readonly start: number;
  readonly end: number;
}

const table = /^(?:(?:add|create) )?table (?:(ip6?|inet|arp|bridge|netdev) )?(\S+)$/;
const chainInTable = /^chain (\S+)$/;
const chainAtTop = /^(?:add|create) chain (?:(ip6?|inet|arp|bridge|netdev) )?(\S+) (\S+)$/;
/** What a chain says of itself: its type, hook, priority and policy. */
const ofChain = /^(?:type|policy|devices?|flags|comment)\b/;

/** The statements at the top and in chains, in the file's order. */
export function statementsOf(text: string): readonly Statement[] {
  return layoutOf(text).statements;
}

/** How a text is divided. */
export interface Layout {
  readonly statements: readonly Statement[];
  /** What chains say of themselves. */
  readonly declarations: readonly Statement[];
  readonly blocks: readonly Block[];
}

/** The statements at the top and in chains, and the blocks of tables and chains, in the file's order. */
export function layoutOf(text: string): Layout {
  const found: Statement[] = [];
  const declarations: Statement[] = [];
  const closed: Block[] = [];
  const blocks: (Open & { readonly start: number })[] = [];
  let words = '';
  let begun = false;
  let [line, from, started] = [1, 0, 1];
  const end = (to: number) => {
    const statement = words.trim().replaceAll(/\s+/g, ' ');
    [words, begun] = ['', false];
    const inner = blocks.at(-1);
    const place = { text: statement, line: started, span: [from, to] as const };
    if (statement === '' || inner?.kind === 'table' || inner?.kind === 'other') return;
    if (inner === undefined) found.push(place);
    else (ofChain.test(statement) ? declarations : found).push({ ...place, chain: inner.name });
  };
  const add = (character: string, at: number) => {
    if (!begun) {
      if (character.trim() === '') return;
      [begun, started, from] = [true, line, at];
    }
    words += character;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    const loose = blocks.at(-1)?.kind !== 'other';
    switch (character) {
      case '"': {
        const closing = text.indexOf('"', at + 1);
        const string = text.slice(at, closing < 0 ? text.length : closing + 1);
        for (const [offset, one] of [...string].entries()) add(one, at + offset);
        line += string.split('\n').length - 1;
        at += string.length - 1;
        break;
      }
      case '#':
        at += (/^[^\n]*/.exec(text.slice(at))?.[0].length ?? 1) - 1;
        break;
      case '\\':
        if (text[at + 1] === '\n') {
          add(' ', at++);
          line++;
        } else add(character, at);
        break;
      case '\n':
        if (loose) end(at);
        else add(' ', at);
        line++;
        break;
      case ';':
        if (loose) end(at);
        else add(character, at);
        break;
      case '{': {
        const start = from;
        const block = loose ? blockOf(words.trim().replaceAll(/\s+/g, ' '), blocks.at(-1)) : undefined;
        if (block?.kind === 'table')
          found.push({ text: `table ${block.name}`, line: started, span: [from, at] });
        if (block) [words, begun] = ['', false];
        else add(character, at);
        blocks.push({ ...(block ?? { kind: 'other' }), start });
        break;
      }
      case '}': {
        if (loose) end(at);
        else add(character, at);
        const block = blocks.pop();
        if (block && block.kind !== 'other') closed.push({ ...block, end: at });
        break;
      }
      default:
        add(character, at);
    }
  }
  end(text.length);
  return { statements: found, declarations, blocks: closed };
}

/** The table or chain that a block is of; `undefined` for one of a set, or of a statement. */
function blockOf(opening: string, inner: Open | undefined): Open | undefined {
  if (inner === undefined) {
    const [, family = 'ip', name] = table.exec(opening) ?? [];
    if (name !== undefined) return { kind: 'table', name: `${family} ${name}`, byCommand: false };
    const [, ofFamily = 'ip', ofTable, chain] = chainAtTop.exec(opening) ?? [];
    return chain === undefined
      ? undefined
      : { kind: 'chain', name: `${ofFamily} ${ofTable} ${chain}`, byCommand: true };
  }
  const [, chain] = (inner.kind === 'table' && chainInTable.exec(opening)) || [];
  return chain === undefined || inner.kind === 'other'
    ? undefined
    : { kind: 'chain', name: `${inner.name} ${chain}`, byCommand: false };
}
