import { describe, expect, it } from 'vitest';
import { readTables } from '../../lab/policy/iptables-save.ts';
import {
  dependsOnTimeOrChance,
  mayPassLater,
  passesWithin,
  remembersOthers,
} from '../../lab/policy/time-or-chance.ts';
import { tellExpectedFromNew } from '../../lab/policy/used-expectation.ts';

const file = (...lines: string[]) => `*filter\n${lines.join('\n')}\nCOMMIT\n`;

describe('rules by time or chance', () => {
  it.each([
    ['-A FORWARD -m limit --limit 5/sec -j ACCEPT', true],
    ['-A FORWARD -m statistic --mode random --probability 0.5 -j DROP', true],
    ['-A FORWARD --match=time --timestart 09:00 -j ACCEPT', true],
    ['-A FORWARD --match recent --rcheck -j DROP', true],
    ['-A FORWARD -p tcp -mconnlimit --connlimit-above 3 -j REJECT', true],
    ['[1:60] -A FORWARD -m hashlimit --hashlimit-above 1/sec --hashlimit-name a -j DROP', true],
    ['-A FORWARD -m conntrack --ctexpire 10:20 -j ACCEPT', true],
    ['-A FORWARD -m recent --set --name seen', true],
    ['-A FORWARD -p icmp -m limit --limit 1/sec -j ACCEPT', true],
    ['-A FORWARD -m set --match-set busy src --packets-gt 10 -j DROP', true],
    ['-A FORWARD -m limit --limit 5/min -j LOG --log-prefix "drop "', false],
    ['-A FORWARD -m limit --limit 5/min -j NFLOG', false],
    ['-A FORWARD -m comment --comment "-m limit" -j DROP', false],
    ['-A FORWARD -m comment --comment "five -m limit" -j DROP', false],
    ['# -A FORWARD -m limit -j DROP', false],
    ['-A FORWARD -p tcp -m tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT', false],
    ['-A FORWARD -j DROP', false],
    [':limit - [0:0]', false],
    // Not on an upload's path.
    ['-A INPUT -p tcp -m tcp --dport 22 -m recent --update --seconds 60 --hitcount 4 -j DROP', false],
    ['-A FORWARD -p icmp -m icmp --icmp-type 8 -m limit --limit 1/sec -j ACCEPT', false],
    ['-A FORWARD -p udp -m limit --limit 1/sec -j ACCEPT', false],
    ['-A FORWARD -p tcp -m tcp --dport 443 -m connlimit --connlimit-above 9 -j DROP', false],
    ['-A FORWARD -i tun0 -m limit --limit 1/sec -j ACCEPT', false],
    // An ipset does not change unless rules or time change it.
    ['-A FORWARD -m set --match-set banned src -j DROP', false],
  ])('%s', (line, depends) => {
    const interfaces = ['inside', 'outside'];
    expect(dependsOnTimeOrChance({ tables: readTables(file(line)), interfaces })).toEqual(
      depends ? [line] : [],
    );
  });

  const asksSet = '-A FORWARD -m set --match-set banned src -j DROP';
  it.each([
    ['sets whose members expire', [asksSet], 'create banned hash:ip timeout 600\n'],
    ['rules that add to a set', [asksSet, '-A FORWARD -p tcp -j SET --add-set banned src'], ''],
  ])('%s', (_what, lines, sets) => {
    expect(dependsOnTimeOrChance({ tables: readTables(file(...lines)), sets })).toContain(asksSet);
  });

  it('a chain that only limits logging decides nothing, as ufw writes it', () => {
    const logs = file(
      ':logging - [0:0]',
      '-A FORWARD -j logging',
      '-A FORWARD -j DROP',
      '-A logging -m conntrack --ctstate INVALID -m limit --limit 3/min -j RETURN',
      '-A logging -m limit --limit 3/min -j LOG --log-prefix "[UFW BLOCK] "',
    );
    expect(dependsOnTimeOrChance({ tables: readTables(logs) })).toEqual([]);
  });

  it('a chain with a limit that drops decides', () => {
    const limited = file(
      ':flood - [0:0]',
      '-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j flood',
      '-A flood -m limit --limit 1/sec -j RETURN',
      '-A flood -j DROP',
    );
    expect(dependsOnTimeOrChance({ tables: readTables(limited) })).toEqual([
      '-A flood -m limit --limit 1/sec -j RETURN',
    ]);
  });

  it('INPUT and OUTPUT count if packets are redirected to the firewall', () => {
    const proxy = '*nat\n-A PREROUTING -p tcp -m tcp --dport 21 -j REDIRECT --to-ports 2121\nCOMMIT\n';
    const own = '-A INPUT -p tcp -m tcp --dport 2121 -m limit --limit 1/sec -j ACCEPT';
    expect(dependsOnTimeOrChance({ tables: readTables(proxy + file(own)) })).toEqual([own]);
  });
});

describe('a packet that was dropped once', () => {
  it.each([
    ['-A FORWARD -m time --timestart 09:00 -j ACCEPT', false, false],
    ['-A FORWARD -m connbytes --connbytes 65536: --connbytes-dir original -j DROP', false, false],
    ['-A FORWARD -m connbytes --connbytes 10:12 --connbytes-mode packets -j DROP', true, false],
    ['-A FORWARD -m quota --quota 500000 -j ACCEPT', false, true],
    ['-A FORWARD -m quota --quota 500000 -j DROP', true, true],
    ['-A FORWARD -m statistic --mode nth --every 1 -j DROP', false, true],
    ['-A FORWARD -m statistic --mode nth --every 2 -j DROP', true, true],
    ['-A FORWARD -m limit --limit 5/sec -j ACCEPT', true, true],
    ['-A FORWARD -j DROP', false, false],
  ])('under %s', (line, mayPass, remembers) => {
    const timed = { tables: readTables(file(line)) };
    expect([mayPassLater(timed).length > 0, remembersOthers(timed).length > 0]).toEqual([mayPass, remembers]);
  });

  it.each([
    ['-A FORWARD -m limit --limit 5/sec -j ACCEPT', 900],
    ['-A FORWARD -m limit --limit 30/min -j ACCEPT', 2000],
    ['-A FORWARD -m limit -j ACCEPT', 900],
    ['-A FORWARD -m hashlimit --hashlimit-above 10/min --hashlimit-name a -j DROP', 6000],
    ['-A FORWARD -m hashlimit --hashlimit-above 512kb/s --hashlimit-name a -j DROP', 900],
    ['-A FORWARD -m recent --rcheck --seconds 4 -j DROP', 4000],
    ['-A FORWARD -m recent --update --seconds 4 -j DROP', 900],
    ['-A FORWARD -m statistic --mode nth --every 3 --packet 2 -j ACCEPT', 2000],
    ['-A FORWARD -m statistic --mode random --probability 0.5 -j DROP', 4000],
  ])('may need some time, under %s', (line, ms) => {
    expect(passesWithin({ tables: readTables(file(line)) })).toBe(ms);
  });

  const attached = '*raw\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\nCOMMIT\n';
  it.each([
    ['-A FORWARD -m conntrack --ctstate RELATED -j DROP', true],
    ['-A FORWARD -m helper --helper ftp -j DROP', true],
    ['-A FORWARD -m conntrack --ctstate NEW -j ACCEPT', true],
    ['-A FORWARD -m conntrack ! --ctstate RELATED,ESTABLISHED -j ACCEPT', true],
    ['-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', false],
    ['-A FORWARD -p tcp -m tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT', false],
    ['-A FORWARD -m conntrack --ctstate NEW,RELATED -j ACCEPT', false],
    ['-A FORWARD -m conntrack --ctstate NEW -j DROP', false],
  ])('as a helper expected it, under %s', (line, tells) => {
    expect(tellExpectedFromNew({ tables: readTables(attached + file(line)) })).toEqual(tells ? [line] : []);
    expect(tellExpectedFromNew({ tables: readTables(file(line)) })).toEqual([]);
  });
});
