import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  closes,
  dribbles,
  floods,
  repeats,
  resets,
  saysAndCloses,
  saysInHalves,
  sends,
  silent,
} from './acts.ts';
import type { Behaviour } from './behaviour.ts';

/** What other protocols say first, or answer to what they do not understand. */
const otherProtocols: readonly [name: string, text: string, which: RegExp][] = [
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>no</html>\r\n', /HTTP/],
  ['SSH', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', /SSH/],
  ['SSH after a banner', 'Authorized use only\r\nSSH-2.0-OpenSSH_9.2p1\r\n', /SSH/],
  ['SMTP', '220 mail.example ESMTP Postfix\r\n', /SMTP/],
  ['POP3', '+OK POP3 server ready <1896.697170952@mail.example>\r\n', /POP3/],
  ['IMAP', '* OK [CAPABILITY IMAP4rev1] ready\r\n', /IMAP/],
  ['Telnet', '\u00ff\u00fd\u0018\u00ff\u00fd\u0020\u00ff\u00fd\u0023', /Telnet/],
  ['MySQL', '\u004a\u0000\u0000\u0000\u000a8.0.36\u0000\u0008\u0000\u0000\u0000abcdefgh\u0000', /MySQL/],
  ['VNC', 'RFB 003.008\n', /VNC/],
  ['rsync', '@RSYNCD: 31.0\n', /rsync/],
  ['TLS', '\u0015\u0003\u0003\u0000\u0002\u0002\u0046', /TLS/],
  ['Redis', "-ERR unknown command 'x'\r\n", /Redis/],
  ['IRC', ':irc.example NOTICE * :*** Looking up your hostname...\r\n', /IRC/],
  ['NNTP', '200 news.example InterNetNews NNRP server ready\r\n', /NNTP/],
];

const megabyte = 1024 * 1024;

/** Hostile before there is a session. */
export const greetings: readonly Behaviour[] = [
  { name: 'accepts and closes at once', greeting: closes, finds: 'greeting-closed' },
  { name: 'accepts and resets at once', greeting: resets, finds: 'greeting-closed' },
  {
    name: 'accepts and closes a little later',
    greeting: async (peer) => {
      await pause(100);
      peer.close();
    },
    finds: 'greeting-closed',
  },
  { name: 'accepts and says nothing', greeting: silent, finds: 'greeting-silent', says: /TLS/ },
  ...otherProtocols.map(
    ([name, text, says]): Behaviour => ({
      name: `speaks ${name}`,
      greeting: sends(Buffer.from(text, 'latin1')),
      on: { any: silent },
      finds: 'not-ftp',
      says,
    }),
  ),
  {
    name: 'speaks HTTP and closes',
    greeting: (peer) => {
      peer.write('HTTP/1.0 403 Forbidden\r\n\r\n');
      peer.close();
    },
    finds: 'not-ftp',
    says: /HTTP/,
  },
  { name: 'speaks SSH and closes', greeting: saysAndCloses('SSH-2.0-x'), finds: 'not-ftp', says: /SSH/ },
  {
    name: 'speaks SMTP and answers USER',
    greeting: '220 mail.example ESMTP ready',
    on: { any: '502 5.5.2 Error: command not recognized' },
    finds: 'not-ftp',
    says: /SMTP/,
  },
  { name: 'sends random bytes', greeting: sends(randomBytes(4096).fill(0xfe, 0, 4)), finds: 'not-ftp' },
  { name: 'greets in UTF-16', greeting: sends(Buffer.from('220 ready\r\n', 'utf16le')), finds: 'not-ftp' },
  { name: 'sends words that are no reply', greeting: 'welcome to my machine', finds: 'not-ftp' },
  { name: 'sends an empty line and no more', greeting: '', finds: 'greeting-silent' },
  { name: 'greets with a code of two digits', greeting: '22 ready', finds: 'not-ftp' },
  { name: 'greets with a code of four digits', greeting: '2200 ready', finds: 'not-ftp' },
  { name: 'greets with the code 000', greeting: '000 ready', finds: 'not-ftp' },
  { name: 'greets with the code 999', greeting: '999 ready', finds: 'not-ftp' },
  { name: 'greets with the code -20', greeting: '-20 ready', finds: 'not-ftp' },
  {
    name: 'sends a megabyte in one line',
    greeting: sends(`220 ${'x'.repeat(megabyte)}\r\n`),
    finds: 'too-much',
  },
  {
    name: 'sends a megabyte of lines',
    greeting: sends(`${'220-and another line of the greeting\r\n'.repeat(megabyte / 38)}220 ready\r\n`),
    finds: 'too-much',
  },
  { name: 'sends lines without end', greeting: floods('220-more\r\n'), finds: 'too-much' },
  { name: 'sends text without end', greeting: floods('lorem ipsum\r\n'), finds: 'too-much' },
  { name: 'sends a line without end', greeting: floods('x'.repeat(10_000)), finds: 'too-much' },
  { name: 'sends a digit without end', greeting: floods('2'.repeat(10_000)), finds: 'too-much' },
  { name: 'sends NUL without end', greeting: floods(Buffer.alloc(65_536)), finds: 'too-much' },
  { name: 'sends line ends without end', greeting: floods('\r\n'.repeat(1000)), finds: 'too-much' },
  { name: 'greets without end', greeting: floods('220 ready\r\n'), finds: 'any' },
  {
    name: 'sends 120 and no more',
    greeting: '120 ready in 5 minutes',
    finds: 'not-ready',
    says: /5 minutes/,
  },
  { name: 'sends 120 and closes', greeting: saysAndCloses('120 later'), finds: 'not-ready' },
  { name: 'sends 120 without end', greeting: floods('120 wait\r\n'), finds: 'too-much' },
  { name: 'sends 120 again and again', greeting: repeats('120 wait'), finds: 'not-ready' },
  {
    name: 'sends 120, then 220',
    greeting: async (peer) => {
      peer.say('120 ready in a moment');
      await pause(50);
      peer.say('220 ready');
    },
    finds: 'uploaded',
  },
  {
    name: 'greets with 421',
    greeting: saysAndCloses('421 Too many connections'),
    finds: 'turned-away',
    says: /421/,
  },
  { name: 'greets with 530', greeting: '530 Not from your address', finds: 'turned-away', says: /530/ },
  { name: 'greets with 500', greeting: '500 no', finds: 'turned-away' },
  { name: 'greets with 331', greeting: '331 password', finds: 'turned-away' },
  { name: 'greets a byte a tick', greeting: dribbles('220-slow\r\n'), finds: 'greeting-silent' },
  { name: 'greets in two halves', greeting: saysInHalves('220 ready'), finds: 'uploaded' },
  { name: 'never ends its line', greeting: sends('220 ready'), finds: 'greeting-silent', says: /220 ready/ },
  { name: 'ends its lines with CR alone', greeting: sends('220 ready\r'), finds: 'greeting-silent' },
  { name: 'ends its lines with LF alone', greeting: sends('220 ready\n'), finds: 'uploaded' },
  { name: 'never ends its lines of many', greeting: '220-ready', finds: 'greeting-silent' },
  {
    name: 'greets in many lines with other codes among them',
    greeting: '220-hello\r\n530 not this one\r\n 220 nor this\r\n220 ready',
    finds: 'uploaded',
  },
  { name: 'greets and closes', greeting: saysAndCloses('220 ready'), finds: 'control-closed' },
  {
    name: 'greets and resets',
    greeting: async (peer) => {
      peer.say('220 ready');
      await pause(20);
      peer.reset();
    },
    finds: 'control-closed',
  },
  { name: 'greets twice', greeting: '220 one\r\n220 two', finds: 'any' },
  {
    name: 'says everything in advance',
    greeting: `220 a\r\n331 b\r\n230 c\r\n211 d\r\n${'200 e\r\n'.repeat(9)}`,
    on: { any: silent },
    finds: 'any',
  },
  {
    name: 'greets with the prompt of a proxy',
    greeting: '220 proxy.example ready',
    on: { USER: '501 user@host, please' },
    finds: 'login-denied',
  },
];
