import { describe, expect, it } from 'vitest';
import { emptySets, setNames } from '../../lab/policy/ipset-save.ts';
import { readTables } from '../../lab/policy/iptables-save.ts';

it('names the ipsets that ipset save printed', () => {
  const saved = `create banned hash:net family inet hashsize 1024 maxelem 65536
add banned 192.0.2.0/24
create both list:set size 8
add both banned
`;
  expect([...setNames(saved)]).toEqual(['banned', 'both']);
});

describe('what ipset save does not print', () => {
  it.each([
    ['something else', 'create a hash:ip\nflush a\n', 'Line 2 is "flush a"'],
    ['a member before its set', 'add a 192.0.2.1\n', 'Line 1 is "add a 192.0.2.1"; expected "create a ..."'],
    ['a set without a type', 'create a\n', 'Line 1 '],
    ['the form of ipset list', 'Name: banned\nType: hash:ip\n', 'Line 1 is "Name: banned"'],
    ['no set', '# nothing\n', 'creates no set'],
  ])('%s', (_what, text, message) => {
    expect(() => setNames(text)).toThrow(
      expect.objectContaining({ code: 'ipset-file-malformed', message: expect.stringContaining(message) }),
    );
  });
});

it('a missing ipset is created empty, with a type that fits the rule', () => {
  const tables = readTables(`*filter
-A FORWARD -m set --match-set known src -j DROP
-A FORWARD -m set --match-set one src -j DROP
-A FORWARD -m set ! --match-set two src,dst -j DROP
-A FORWARD -j SET --add-set three src,dst,src
COMMIT
`);
  expect(emptySets(tables, new Set(['known']))).toBe(
    'create one hash:net\ncreate two hash:net,net\ncreate three hash:net,port,net\n',
  );
});
