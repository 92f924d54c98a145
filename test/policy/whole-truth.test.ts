import { describe, expect, it } from 'vitest';
import { readSavedFile } from '../../lab/policy/iptables-save.ts';
import { doubtsAbout, otherFormat } from '../../lab/policy/whole-truth.ts';

const gateway = `*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -o ppp0 -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A FORWARD -i eth1 -p tcp -m tcp --dport 21 -j ACCEPT
COMMIT
`;

describe('otherFormat', () => {
  it.each([
    ['nft', 'table inet filter {\n\tchain forward {\n\t}\n}\n', 'an nft rule set'],
    [
      "nothing but iptables-save's word of nft",
      "# Table `filter' is incompatible, use 'nft' tool.\n",
      'nft has rules',
    ],
    ['nft in JSON', '{"nftables": [{"metainfo": {}}]}\n', 'an nft rule set'],
    ['iptables -L', 'Chain FORWARD (policy DROP)\ntarget prot opt source destination\n', 'iptables -L'],
    ['a script', '#!/bin/sh\niptables -A FORWARD -j DROP\n', 'a shell script'],
    ['a script with a path', '/sbin/iptables -t nat -A POSTROUTING -j MASQUERADE\n', 'a shell script'],
    ['ufw status', 'Status: active\n\nTo   Action   From\n', 'ufw status'],
    ['firewalld', '<?xml version="1.0"?>\n<zone>\n', 'firewalld'],
    ['uci', "config rule\n\toption name 'ftp'\n", 'OpenWrt'],
    ['pf', 'block in all\npass out on em0\n', 'pf'],
    ['Cisco', 'access-list 101 permit tcp any any eq 21\n', 'Cisco'],
    ['Windows', 'Rule Name:   FTP out\nEnabled:   Yes\n', 'Windows'],
  ])('recognises %s', (_what, text, words) => {
    const format = otherFormat(text);
    expect(format?.what).toContain(words);
    expect(format?.save).toMatch(/\.$/);
  });

  it.each([
    ['iptables-save', gateway],
    ['text that nobody knows', 'hello\n'],
  ])('says nothing of %s', (_what, text) => {
    expect(otherFormat(text)).toBeUndefined();
  });
});

describe('doubtsAbout', () => {
  const filter = (lines: string, policy = 'DROP') => `*filter\n:FORWARD ${policy} [0:0]\n${lines}COMMIT\n`;

  it.each([
    [
      'rules of nft beside it',
      `# Table \`filter' is incompatible, use 'nft' tool.\n${gateway}`,
      ['nft-rules-beside'],
    ],
    [
      'rules of iptables-legacy beside it',
      `${gateway}# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n`,
      ['legacy-rules-beside'],
    ],
    ['one table alone', '*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n', ['no-filter-table']],
    ['empty tables', '*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n', ['no-rules']],
    [
      "ufw's user.rules",
      '*filter\n:ufw-user-input - [0:0]\n-A ufw-user-input -p tcp --dport 21 -j ACCEPT\nCOMMIT\n',
      ['fragment'],
    ],
    [
      "a server's own file",
      '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT\nCOMMIT\n',
      ['host-file'],
    ],
    [
      "a server's own file with chains in which nothing is forwarded",
      '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:in - [0:0]\n:fw - [0:0]\n-A INPUT -j in\n-A FORWARD -j fw\n-A in -p tcp -m multiport --dports 21,22 -j ACCEPT\n-A fw -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n',
      ['host-file'],
    ],
    [
      "a host's own file that says nothing of forwarding",
      '*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n',
      ['host-file'],
    ],
  ])('doubts %s', (_what, text, codes) => {
    expect(doubtsAbout(readSavedFile(text), 'isa-y').map(({ code }) => code)).toEqual(codes);
  });

  it("does not doubt a server's own file that is said to be one", () => {
    const text = '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT\nCOMMIT\n';
    expect(doubtsAbout(readSavedFile(text), 'isa-y').map(({ code }) => code)).toEqual(['host-file']);
    expect(doubtsAbout(readSavedFile(text), 'vsftpd')).toEqual([]);
  });

  it.each([
    ['a gateway', gateway],
    ['a gateway that forwards nothing, with its NAT', gateway.replace(/-A FORWARD.*\n/, '')],
    ['a gateway that refuses by its last rule', filter('-A FORWARD -j DROP\n', 'ACCEPT')],
    ['a policy that drops, without rules', filter('')],
    [
      'a gateway that accepts what it does not refuse',
      filter('-A FORWARD -p tcp --dport 25 -j DROP\n', 'ACCEPT'),
    ],
  ])('does not doubt %s', (_what, text) => {
    expect(doubtsAbout(readSavedFile(text), 'isa-y')).toEqual([]);
  });
});
