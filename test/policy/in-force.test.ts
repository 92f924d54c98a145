import { describe, expect, it } from 'vitest';
import { deviations, deviationsInWords } from '../../lab/policy/in-force.ts';
import { readSavedFile, readTables } from '../../lab/policy/iptables-save.ts';

const table = (...lines: string[]) =>
  `*filter\n:FORWARD DROP [0:0]\n:own - [0:0]\n${lines.join('\n')}\nCOMMIT\n`;
const found = (file: string[], kernel: string[]) =>
  deviations(readTables(table(...file)), readTables(table(...kernel)));

describe('a rule in force', () => {
  // What iptables-save 1.8.9 (nf_tables) printed after iptables-restore had loaded the first.
  const alike: [written: string, printed: string][] = [
    ['-p tcp --dport 21 -j ACCEPT', '-p tcp -m tcp --dport 21 -j ACCEPT'],
    ['-p 6 --dport ftp -j ACCEPT', '-p tcp -m tcp --dport 21 -j ACCEPT'],
    [
      '-j ACCEPT -p tcp --syn -s 10.1.1.1',
      '-s 10.1.1.1/32 -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT',
    ],
    ['-i + -s 0.0.0.0/0 -p all -j ACCEPT', '-j ACCEPT'],
    ['-s 10.0.0.5/24 -d 192.168.1.0/255.255.255.0 -j DROP', '-s 10.0.0.0/24 -d 192.168.1.0/24 -j DROP'],
    ['! -i eth0 ! -o ppp+ ! -s 10.0.0.0/8 -j DROP', '! -s 10.0.0.0/8 ! -i eth0 ! -o ppp+ -j DROP'],
    ['--in-interface lo --jump ACCEPT', '-i lo -j ACCEPT'],
    [
      '-m state --state RELATED,ESTABLISHED -j ACCEPT',
      '-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
    ],
    [
      '-p tcp -m multiport ! --dports ftp,ftp-data,80 -j ACCEPT',
      '-p tcp -m multiport ! --dports 21,20,80 -j ACCEPT',
    ],
    [
      '-p tcp --sport 1024: --dport :1023 -j ACCEPT',
      '-p tcp -m tcp --sport 1024:65535 --dport 0:1023 -j ACCEPT',
    ],
    ['-p 47 -j ACCEPT', '-p gre -j ACCEPT'],
    ['-m limit --limit 10/minute --limit-burst 5 -j ACCEPT', '-m limit --limit 10/min -j ACCEPT'],
    ['-j REJECT', '-j REJECT --reject-with icmp-port-unreachable'],
    [
      '-m comment --comment "- looks like an option -j DROP" -j ACCEPT',
      '-m comment --comment "- looks like an option -j DROP" -j ACCEPT',
    ],
  ];
  it.each(alike)('says %s as %s', (written, printed) => {
    expect(found([`-A FORWARD ${written}`], [`[3:180] -A FORWARD ${printed}`])).toEqual([]);
  });

  it('of several addresses is one for each, in whatever place', () => {
    expect(
      found(
        ['-A FORWARD -j DROP', '-I FORWARD -s 1.1.1.1,2.2.2.2 -d 3.3.3.3 -j ACCEPT'],
        [
          '-A FORWARD -s 2.2.2.2/32 -d 3.3.3.3/32 -j ACCEPT',
          '-A FORWARD -s 1.1.1.1/32 -d 3.3.3.3/32 -j ACCEPT',
          '-A FORWARD -j DROP',
        ],
      ),
    ).toEqual([]);
  });

  const different: [what: string, written: string, printed: string][] = [
    ['another target', '-p tcp -j ACCEPT', '-p tcp -j DROP'],
    ['another address', '-s 10.1.1.1 -j DROP', '-s 10.1.1.2/32 -j DROP'],
    ['no address', '-s 10.1.1.1 -j DROP', '-j DROP'],
    ['no negation', '! -i eth0 -j DROP', '-i eth0 -j DROP'],
    ['another port', '-p tcp --dport 20:21 -j DROP', '-p tcp -m tcp --dport 20 -j DROP'],
    ['fewer states', '-m conntrack --ctstate NEW,RELATED -j DROP', '-m conntrack --ctstate NEW -j DROP'],
    ['no match', '-m helper --helper ftp -j ACCEPT', '-j ACCEPT'],
  ];
  it.each(different)('with %s is told', (_what, written, printed) => {
    expect(found([`-A FORWARD ${written}`], [`-A FORWARD ${printed}`])).toEqual([
      { line: 4, text: `-A FORWARD ${written}`, inForce: `-A FORWARD ${printed}` },
    ]);
  });

  it('is told where a chain that is declared again lost the lines before', () => {
    const file = table('-A own -p tcp --dport 22 -j ACCEPT', ':own - [0:0]', '-A own -j DROP');
    expect(
      deviationsInWords({ saved: readSavedFile(file) }, { ipv4: table('-A own -j DROP'), ipv6: '' }),
    ).toEqual([
      {
        kind: 'not-in-force',
        text: 'Line 4 IS NOT IN FORCE as written: -A own -p tcp --dport 22 -j ACCEPT. The kernel has no rule instead.',
      },
    ]);
    const many = Array.from({ length: 8 }, () => '-A own -j ACCEPT');
    const inWords = (lines: string[]) =>
      deviationsInWords(
        { saved: readSavedFile(table(...lines)) },
        { ipv4: table('-A own -j ACCEPT'), ipv6: '' },
      );
    expect(inWords(many).at(-1)?.text).toBe('2 more lines are not in force as written.');
  });
});
