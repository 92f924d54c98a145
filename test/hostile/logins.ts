import {
  closes,
  dribbles,
  floods,
  resets,
  saysAndCloses,
  saysInHalves,
  sends,
  silent,
  terminalOrders,
} from './acts.ts';
import type { Behaviour } from './behaviour.ts';
import type { Peer } from './server.ts';

/** Hostile while a session is being made. */
export const logins: readonly Behaviour[] = [
  ...['USER', 'PASS'].flatMap((verb): Behaviour[] => [
    { name: `does not answer ${verb}`, on: { [verb]: silent }, finds: 'command-unanswered' },
    { name: `closes at ${verb}`, on: { [verb]: closes }, finds: 'control-closed' },
    { name: `resets at ${verb}`, on: { [verb]: resets }, finds: 'control-closed' },
    { name: `refuses ${verb}`, on: { [verb]: '530 no' }, finds: 'login-denied', says: /530 no/ },
    { name: `says 421 at ${verb}`, on: { [verb]: saysAndCloses('421 bye') }, finds: 'login-denied' },
    { name: `says 332 at ${verb}`, on: { [verb]: '332 account?' }, finds: 'login-denied' },
    { name: `says 150 at ${verb}`, on: { [verb]: '150 soon' }, finds: 'any' },
    { name: `says 999 at ${verb}`, on: { [verb]: '999 eh' }, finds: 'any' },
    {
      name: `says 331 without end at ${verb}`,
      on: { [verb]: floods('331 password\r\n') },
      finds: 'too-much',
    },
    {
      name: `says a byte a tick at ${verb}`,
      on: { [verb]: dribbles('230-x\r\n') },
      finds: 'command-unanswered',
    },
    {
      name: `answers ${verb} by a line without end`,
      on: { [verb]: floods('y'.repeat(9999)) },
      finds: 'too-much',
    },
    { name: `never ends its lines at ${verb}`, on: { [verb]: '230-hello' }, finds: 'command-unanswered' },
    { name: `ends no line at ${verb}`, on: { [verb]: sends('331 ') }, finds: 'command-unanswered' },
    { name: `answers ${verb} by no reply`, on: { [verb]: 'what?' }, finds: 'command-unanswered' },
  ]),
  { name: 'asks for the password again and again', on: { PASS: '331 again' }, finds: 'too-much' },
  { name: 'wants no password', on: { USER: '230 come in' }, finds: 'uploaded' },
  { name: 'answers USER in two halves', on: { USER: saysInHalves('331 password') }, finds: 'uploaded' },
  {
    name: 'gives the password away as it refuses',
    on: { PASS: (peer) => peer.say(`530 ${peer.password} is wrong`) },
    finds: 'login-denied',
  },
  {
    name: 'gives the password away in a greeting of many lines',
    on: { PASS: (peer) => peer.say(`230-you typed\r\n PASS ${peer.password}\r\n230 welcome`) },
    finds: 'uploaded',
  },
  {
    name: 'gives the password away in each reply',
    on: { STOR: (peer) => peer.say(`550 no, PASS ${peer.password.toUpperCase()} ${peer.password}`) },
    finds: 'command-refused',
  },
  {
    name: 'gives the password away letter by letter',
    on: { PASS: (peer) => peer.write(`530-${peer.password.slice(0, 2)}`), NOOP: silent },
    finds: 'command-unanswered',
  },
  { name: 'greets the user with ten thousand lines', on: { PASS: longWelcome(10_000) }, finds: 'too-much' },
  { name: 'greets the user with fifty lines', on: { PASS: longWelcome(50) }, finds: 'uploaded' },
  ...Object.entries(terminalOrders).flatMap(([name, text]): Behaviour[] => [
    { name: `refuses the login with ${name}`, on: { PASS: `530 ${text}` }, finds: 'login-denied' },
    {
      name: `greets with ${name}`,
      greeting: `220 ${text}`,
      on: { STOR: `550 ${text}` },
      finds: 'command-refused',
    },
  ]),
  { name: 'does not answer FEAT', on: { FEAT: silent }, finds: 'command-unanswered' },
  { name: 'closes at FEAT', on: { FEAT: closes }, finds: 'control-closed' },
  { name: 'resets at FEAT', on: { FEAT: resets }, finds: 'control-closed' },
  { name: 'refuses FEAT', on: { FEAT: '500 what?' }, finds: 'uploaded' },
  { name: 'never ends FEAT', on: { FEAT: '211-features' }, finds: 'command-unanswered' },
  { name: 'lists features without end', on: { FEAT: floods(' MLST\r\n') }, finds: 'too-much' },
  { name: 'says 421 to FEAT and closes', on: { FEAT: saysAndCloses('421 idle') }, finds: 'control-closed' },
  { name: 'refuses TYPE', on: { TYPE: '504 no' }, finds: 'any' },
  { name: 'closes at TYPE', on: { TYPE: closes }, finds: 'control-closed' },
  { name: 'refuses everything', on: { any: '500 no' }, finds: 'login-denied' },
  { name: 'answers everything with 200', on: { any: '200 ok' }, finds: 'any' },
  { name: 'answers everything twice', on: { any: '200 ok\r\n200 ok' }, finds: 'any' },
  { name: 'answers everything with 150', on: { any: '150 soon' }, finds: 'any' },
];

function longWelcome(lines: number): (peer: Peer) => void {
  return (peer) => {
    peer.write('230-Terms and conditions apply to each of these lines\r\n'.repeat(lines));
    peer.say('230 welcome');
  };
}
