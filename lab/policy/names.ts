import { LabError } from '../errors.ts';
import { firstRepeated } from '../list.ts';
import { defaultRule } from '../model/rule-set.ts';

/**
 * The longest rule name, in bytes of UTF-8. Names travel as comments: nft accepts 128 bytes (libnftnl,
 * NFTNL_UDATA_COMMENT_MAXLEN), iptables 255 (iptables-extensions(8), comment).
 */
const longestName = 128;

/** Returns a rule's name. Throws LabError `rule-name-malformed` if it cannot travel as a comment. */
export function ruleName(name: string): string {
  const objection = objectionTo(name);
  if (objection)
    throw new LabError(
      'usage',
      'rule-name-malformed',
      `Rule name ${JSON.stringify(name)} ${objection.is}`,
      objection.hint,
    );
  return name;
}

function objectionTo(name: string): { is: string; hint: string } | undefined {
  if (name === '') return { is: 'is empty', hint: 'Give the rule a name: verdicts and logs refer to it.' };
  if (name !== name.trim()) return { is: 'begins or ends with a space', hint: 'Leave the space out.' };
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name))
    return {
      is: 'contains a character that cannot be printed',
      hint: 'Use one line of printable characters.',
    };
  // An nft string has no escapes (nft(8), lexical conventions).
  if (name.includes('"')) return { is: 'contains a double quote', hint: 'Use single quotes.' };
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > longestName) return { is: `is ${bytes} bytes long`, hint: `Use at most ${longestName} bytes.` };
  return undefined;
}

/** Throws LabError if two rules of a firewall have the same name, or if one has the name of the rule that is always last. */
export function checkDistinct(names: readonly string[]): void {
  if (names.includes(defaultRule))
    throw new LabError(
      'usage',
      'rule-name-reserved',
      `"${defaultRule}" is reserved for the last rule of every firewall`,
      'Give the rule another name.',
    );
  const twice = firstRepeated(names);
  if (twice !== undefined)
    throw new LabError(
      'usage',
      'rule-name-duplicate',
      `Two rules of one firewall are named "${twice}"`,
      'Rename one: a verdict names the rule that decided.',
    );
}

/** Returns a rule set's name. Throws LabError `rule-set-name-malformed` unless it is kebab-case. */
export function ruleSetName(name: string): string {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return name;
  const kebab = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  throw new LabError(
    'usage',
    'rule-set-name-malformed',
    `Rule set name "${name}" is not kebab-case`,
    kebab ? `Did you mean "${kebab}"?` : 'Use small letters, digits and hyphens.',
  );
}
