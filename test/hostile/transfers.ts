import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { TransferMode } from '../../lab/model/attempt.ts';
import { closes, floods, repeats, resets, silent, terminalOrders, withData } from './acts.ts';
import type { Behaviour } from './behaviour.ts';
import { type Act, listing, received, sent } from './server.ts';

/** Hostile in a listing. It does not decide, so that an upload may succeed all the same. */
const listings: readonly [name: string, act: Act][] = [
  ['refuses LIST', '550 no'],
  ['does not answer LIST', silent],
  ['closes at LIST', closes],
  ['resets at LIST', resets],
  ['lists without end', withData((data, peer) => peer.flood(listing.repeat(1000), data))],
  ['lists NUL without end', withData((data, peer) => peer.flood(Buffer.alloc(65_536), data))],
  ['lists a byte a tick', withData((data, peer) => peer.dribble(listing, data))],
  ['lists and never closes', withData((data) => data.write(listing))],
  ['lists nothing and never closes', withData(() => undefined)],
  ['resets the data connection of a listing', withData((data) => data.resetAndDestroy())],
  ['closes the data connection of a listing and says no more', withData((data) => data.end())],
  [
    'lists and resets the control connection',
    withData((data, peer) => sent(data, Buffer.from(listing)).then(() => peer.reset())),
  ],
  ['says 150 to LIST without end', floods('150 soon\r\n')],
  ['says 150 to LIST again and again', repeats('150 soon')],
  [
    'says 226 before the listing',
    async (peer) => {
      peer.say('150 soon\r\n226 done');
      await sent(await peer.data(), Buffer.from(listing));
    },
  ],
  [
    'says 125 for 150',
    async (peer) => {
      peer.say('125 open');
      await sent(await peer.data(), Buffer.from(listing));
      peer.say('226 done');
    },
  ],
  ['says 350 to LIST', '350 more?'],
  ['says 426 to LIST', '426 cut'],
  [
    'lists orders to the terminal',
    withData(async (data, peer) => {
      await sent(data, Buffer.from(Object.values(terminalOrders).join('\r\n')));
      peer.say('226 done');
    }),
  ],
];

/** Hostile in an upload. */
const uploads: readonly [name: string, act: Act, finds: string, says?: RegExp][] = [
  ['does not answer STOR', silent, 'command-unanswered'],
  ['closes at STOR', closes, 'control-closed'],
  ['resets at STOR', resets, 'control-closed'],
  ['refuses STOR', '550 Permission denied', 'command-refused', /550/],
  ['says 552 to STOR', '552 quota', 'command-refused', /552/],
  ['says 452 to STOR', '452 full', 'command-refused'],
  ['says 553 to STOR', '553 bad name', 'command-refused'],
  ['says 425 to STOR', "425 Can't open data connection", 'data-unanswered'],
  ['says 426 to STOR', '426 cut', 'transfer-stalled'],
  ['says 421 to STOR', '421 bye', 'any'],
  ['says 331 to STOR', '331 password', 'any'],
  ['says 350 to STOR', '350 more?', 'any'],
  ['says 999 to STOR', '999 eh', 'any'],
  ['does not answer STOR by a reply', 'what?', 'command-unanswered'],
  ['says 150 to STOR and then refuses', '150 go on\r\n550 no', 'command-refused', /550/],
  ['says 150 to STOR without end', floods('150 soon\r\n'), 'too-much'],
  ['says 150 to STOR again and again', repeats('150 soon'), 'transfer-stalled'],
  ['answers STOR by a line without end', floods('x'.repeat(9999)), 'too-much'],
  ['does not read an upload', withData((data) => data.pause()), 'transfer-stalled'],
  ['reads an upload a little a tick', withData(readsSlowly), 'transfer-stalled'],
  ['resets the data connection of an upload', withData((data) => data.resetAndDestroy()), 'any'],
  ['closes the data connection of an upload', withData((data) => data.resume().end()), 'transfer-stalled'],
  [
    'cuts an upload after 100 bytes',
    withData(async (data) => {
      await once(data, 'data');
      data.resetAndDestroy();
    }),
    'any',
  ],
  ['never says 226', withData((data) => received(data)), 'transfer-stalled'],
  [
    'closes in place of 226',
    withData((data, peer) => received(data).then(() => peer.close())),
    'control-closed',
  ],
  [
    'resets in place of 226',
    withData((data, peer) => received(data).then(() => peer.reset())),
    'control-closed',
  ],
  [
    'says 226 a byte a tick',
    withData(async (data, peer) => {
      await received(data);
      await peer.dribble('226-x\r\n');
    }),
    'transfer-stalled',
  ],
  [
    'says 150 in place of 226, again and again',
    withData(async (data, peer) => {
      await received(data);
      await peer.flood('150 soon\r\n', peer.socket, peer.circumstances.tickMs);
    }),
    'transfer-stalled',
  ],
  [
    'says 550 in place of 226',
    withData((data, peer) => received(data).then(() => peer.say('550 no'))),
    'command-refused',
  ],
  ['says 226 at once and reads nothing', (peer) => peer.say('150 soon\r\n226 done'), 'any'],
  [
    'keeps other bytes than it got',
    async (peer, file) => {
      await peer.transfer('STOR', file);
      peer.circumstances.files.set(file, Buffer.from('other'));
    },
    'content-mismatch',
  ],
  [
    'sends data in an upload without end',
    withData((data, peer) => peer.flood(Buffer.alloc(65_536), data)),
    'any',
  ],
];

/** Hostile in a download. The upload was confirmed; whether it arrived unchanged remains open. */
const downloads: readonly [name: string, act: Act, finds: string][] = [
  ['does not answer RETR', silent, 'uploaded'],
  ['refuses RETR', '550 no', 'uploaded'],
  ['closes at RETR', closes, 'uploaded'],
  [
    'sends a file without end',
    withData((data, peer) => peer.flood(Buffer.alloc(65_536), data)),
    'content-mismatch',
  ],
  ['sends a file a byte a tick', withData((data, peer) => peer.dribble('x', data)), 'uploaded'],
  ['says 350 to RETR', '350 from the start', 'uploaded'],
  ['says 150 to RETR again and again', repeats('150 soon'), 'uploaded'],
  ['sends a file and never says 226', withData((data) => sent(data, Buffer.alloc(1024 * 1024))), 'uploaded'],
  ['resets the data connection of a download', withData((data) => data.resetAndDestroy()), 'uploaded'],
  [
    'sends half the file',
    withData(async (data, peer) => {
      await sent(data, Buffer.alloc(512 * 1024));
      peer.say('226 done');
    }),
    'content-mismatch',
  ],
  [
    'sends another file',
    withData(async (data, peer) => {
      await sent(data, Buffer.alloc(1024 * 1024));
      peer.say('226 done');
    }),
    'content-mismatch',
  ],
];

/** Hostile as the probe files are removed. */
const removals: readonly [name: string, act: Act][] = [
  ['does not let files be removed', '550 no'],
  ['does not answer DELE', silent],
  ['closes at DELE', closes],
  ['resets at DELE', resets],
  ['answers DELE without end', floods('150 soon\r\n')],
];

/** Uploads in which the server has nothing to do with the data connection, which is its own to open in active mode. */
const uncalled = [
  'does not answer STOR',
  'does not answer STOR by a reply',
  'says 150 to STOR again and again',
  'says 350 to STOR',
  'says 331 to STOR',
];

/** All transfers, over passive and active data connections. */
export const transfers: readonly Behaviour[] = (['pasv', 'port'] satisfies TransferMode[]).flatMap((mode) => {
  const named = (name: string) => (mode === 'pasv' ? name : `${name} (active mode)`);
  return [
    ...listings.map(
      ([name, act]): Behaviour => ({ name: named(name), mode, on: { LIST: act }, finds: 'uploaded' }),
    ),
    ...uploads.map(
      ([name, act, finds, says]): Behaviour => ({
        name: named(name),
        mode,
        on: { STOR: act },
        // Whoever neither calls back nor answers is not told from one whose call is dropped.
        finds: mode === 'port' && uncalled.includes(name) ? 'data-unanswered' : finds,
        ...(says && { says }),
      }),
    ),
    ...downloads.map(
      ([name, act, finds]): Behaviour => ({ name: named(name), mode, on: { RETR: act }, finds }),
    ),
    ...removals.map(
      ([name, act]): Behaviour => ({ name: named(name), mode, on: { DELE: act }, finds: 'uploaded' }),
    ),
  ];
});

async function readsSlowly(data: Socket): Promise<void> {
  data.pause();
  while (!data.destroyed) {
    data.read(100);
    await pause(100);
  }
}
