import { describe, expect, it } from 'vitest';
import { Dialogue } from '../../../lab/agent/ftp/dialogue.ts';
import { HttpConversation } from '../../../lab/agent/ftp/http-conversation.ts';
import { parseSocketTable } from '../../../lab/agent/programs/socket-table.ts';

/** A dialogue that has heard these lines, `>` from the client, `<` from the server. */
function heard(lines: string[], options: { tls?: boolean; followsPasvAddress?: boolean } = {}): Dialogue {
  const dialogue = new Dialogue({
    host: '198.51.100.21',
    followsPasvAddress: false,
    tls: false,
    ...options,
  });
  for (const line of lines)
    dialogue.hear({ from: line.startsWith('>') ? 'client' : 'server', text: line.slice(2) });
  return dialogue;
}

const greeted = ['< 220-hello', '< 230 not the end', '< 220 ready'];
const loggedIn = [...greeted, '> USER upload', '< 331 password', '> PASS ###', '< 230 welcome'];
const passive = [...loggedIn, '> PASV', '< 227 ok (10,0,0,1,4,1)'];

it('knows the greeting, the welcome and the completion, replies of several lines included', () => {
  const dialogue = heard([...passive, '> STOR a', '< 150 go', '< 226 done', '> QUIT', '< 221 bye']);
  expect(dialogue).toMatchObject({ greeting: '220 ready', welcome: '230 welcome', completion: '226 done' });
});

describe('the data connection agreed on', () => {
  const table: [what: string, lines: string[], followsPasvAddress: boolean, openedBy: string, to: string][] =
    [
      ['PASV, address followed', ['> PASV', '< 227 ok (10,0,0,1,4,1)'], true, 'client', '10.0.0.1:1025'],
      ['PASV, address ignored', ['> PASV', '< 227 ok (10,0,0,1,4,1)'], false, 'client', '198.51.100.21:1025'],
      ['EPSV', ['> EPSV', '< 229 ok (|||6446|)'], true, 'client', '198.51.100.21:6446'],
      ['PORT', ['> PORT 192,168,20,10,4,2', '< 200 ok'], true, 'server', '192.168.20.10:1026'],
      ['EPRT', ['> EPRT |1|192.168.20.10|5282|', '< 200 ok'], true, 'server', '192.168.20.10:5282'],
      [
        'the fall-back, where there was one',
        ['> EPSV', '< 229 ok (|||6446|)', '> EPRT |1|192.168.20.10|5282|', '< 200 ok'],
        true,
        'server',
        '192.168.20.10:5282',
      ],
    ];
  it.each(table)('%s', (_what, lines, followsPasvAddress, openedBy, destination) => {
    expect(heard([...loggedIn, ...lines], { followsPasvAddress }).agreed).toEqual({ openedBy, destination });
  });
});

describe('a failure', () => {
  const waiting = { refused: false, gaveUp: true };
  const refused = { refused: true, gaveUp: false };
  const table: [what: string, lines: string[], seen: typeof waiting, failure: string, code: number | null][] =
    [
      ['no answer', [], waiting, 'control-unanswered', null],
      ['connection refused', [], refused, 'control-refused', null],
      ['421 for a greeting', ['< 421 too many'], waiting, 'turned-away', 421],
      [
        'wrong password',
        [...greeted, '> USER u', '< 331 p', '> PASS ###', '< 530 no'],
        waiting,
        'login-denied',
        530,
      ],
      ['AUTH refused', [...greeted, '> AUTH TLS', '< 530 no'], waiting, 'tls-refused', 530],
      [
        'AUTH refused, plain login denied',
        [...greeted, '> AUTH TLS', '< 530 no', '> USER u', '< 530 no'],
        waiting,
        'login-denied',
        530,
      ],
      ['PORT refused', [...loggedIn, '> PORT 1,2,3,4,5,6', '< 500 no'], waiting, 'data-command-refused', 500],
      ['no data connection', passive, waiting, 'data-unanswered', null],
      ['data connection refused', passive, refused, 'data-refused', null],
      ['425', [...passive, '> STOR a', '< 425 no'], waiting, 'data-unanswered', 425],
      ['no permission', [...passive, '> STOR a', '< 550 no'], waiting, 'command-refused', 550],
      [
        'no permission, then QUIT',
        [...passive, '> STOR a', '< 553 no', '> QUIT', '< 221 bye'],
        waiting,
        'command-refused',
        553,
      ],
      ['a stall', [...passive, '> STOR a', '< 150 go'], waiting, 'transfer-stalled', null],
      [
        'an end of its own',
        [...passive, '> STOR a', '< 150 go'],
        { refused: false, gaveUp: false },
        'other',
        null,
      ],
      [
        'EPSV refused, PASV unanswered',
        [...loggedIn, '> EPSV', '< 500 no', '> PASV', '< 227 ok (10,0,0,1,4,1)'],
        waiting,
        'data-unanswered',
        null,
      ],
    ];
  it.each(table)('%s', (_what, lines, seen, failure, code) => {
    expect(heard(lines).failure(seen)).toMatchObject({ failure, code });
  });

  it.each([
    ['522 SSL connection failed: session reuse required', 'tls-session-not-reused'],
    ['425 Unable to build data connection: Operation not permitted', 'tls-session-not-reused'],
    ['522 Data connections must be encrypted.', 'command-refused'],
  ])('with TLS, %s', (reply, failure) => {
    const dialogue = heard([...passive, '> STOR a', '< 150 go', `< ${reply}`], { tls: true });
    expect(dialogue.failure(waiting)).toMatchObject({ failure, reply });
  });

  it('is the one before the client repeats itself', () => {
    const dialogue = heard([...passive, '> STOR a', '< 425 no', '> PASV', '< 227 ok (10,0,0,1,4,9)']);
    expect(dialogue.repeats).toBe(true);
    expect(dialogue.failure(waiting)).toMatchObject({ failure: 'data-unanswered', code: 425 });
    expect(dialogue.agreed?.destination).toBe('198.51.100.21:1025');
  });
});

it('reads sockets of IPv6, and those in which it carries IPv4', () => {
  const of6 = [
    '  sl  local_address                         remote_address                        st ...',
    '   0: B80D0120020000000000000011000000:C8D6 B80D0120030000000000000021000000:0015 01 00000000:00000000 00:00000000 00000000     0        0 777 1 0',
    '   1: 0000000000000000FFFF00000B14A8C0:C8D7 0000000000000000FFFF0000156433C6:0015 02 00000000:00000000 00:00000000 00000000     0        0 778 1 0',
  ].join('\n');
  expect(parseSocketTable(of6)).toEqual([
    {
      inode: '777',
      local: '[2001:db8:0:2::11]:51414',
      remote: '[2001:db8:0:3::21]:21',
      state: 'established',
    },
    { inode: '778', local: '192.168.20.11:51415', remote: '198.51.100.21:21', state: 'connecting' },
  ]);
});

it('expects the data connection at the address that a name came to', () => {
  const dialogue = new Dialogue({ host: 'vsftpd.lab', tls: false, followsPasvAddress: false });
  dialogue.reaches('2001:db8:0:3::21');
  for (const text of ['220 ready', '331 password', '230 welcome']) dialogue.hear({ from: 'server', text });
  dialogue.hear({ from: 'client', text: 'EPSV' });
  dialogue.hear({ from: 'server', text: '229 ok (|||33934|)' });
  expect(dialogue.agreed?.destination ?? null).toBe('[2001:db8:0:3::21]:33934');
});

it("reads the kernel's socket table", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0A14A8C0:A3B4 156433C6:C3A9 02 00000001:00000000 01:00000063 00000001     0        0 4711 2 0000000000000000
   1: 00000000:0015 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1 0000000000000000`;
  expect(parseSocketTable(table)).toEqual([
    { inode: '4711', local: '192.168.20.10:41908', remote: '198.51.100.21:50089', state: 'connecting' },
    { inode: '12', local: '0.0.0.0:21', remote: '0.0.0.0:0', state: 'other' },
  ]);
});

describe('with a web proxy', () => {
  const answered = (...lines: string[]) => {
    const conversation = new HttpConversation();
    for (const text of lines) conversation.hear({ from: 'server', text });
    return conversation;
  };
  const none = { greeting: null, welcome: null, completion: null };

  it.each([
    ['an upload that it does not do', 'HTTP/1.1 501 Not Implemented', 'refused-by-proxy', 501],
    ['an upload that it may not do', 'HTTP/1.1 403 Forbidden', 'refused-by-proxy', 403],
    ['a wrong password', 'HTTP/1.1 401 Unauthorized', 'login-denied', 401],
    ['a server out of reach', 'HTTP/1.1 502 Proxy Error', 'other', 502],
  ])('%s', (_what, status, failure, code) => {
    const conversation = answered(status, 'Server: Apache');
    expect(conversation.failure({ refused: false, gaveUp: false })).toEqual({ failure, code, reply: status });
    expect(conversation.completion).toBeNull();
    expect(conversation.greeting === null).toBe(code === 502);
    expect(conversation.welcome === null).toBe(code === 401 || code === 502);
  });

  it('knows what is done, and 1xx as no answer yet', () => {
    const done = 'HTTP/1.1 200 OK';
    expect(answered('HTTP/1.1 100 Continue')).toMatchObject(none);
    expect(answered('HTTP/1.1 100 Continue', done)).toMatchObject({ greeting: done, completion: done });
    expect(answered().failure({ refused: true, gaveUp: false }).failure).toBe('control-refused');
  });
});
