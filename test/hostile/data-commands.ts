import { connect } from 'node:net';
import { closes, dribbles, floods, resets, saysAndCloses, sends, silent } from './acts.ts';
import type { Behaviour } from './behaviour.ts';

function pasv(name: string, reply: string, finds: string): Behaviour {
  return { name: `answers PASV with ${name}`, on: { PASV: reply }, finds };
}

function epsv(name: string, reply: string, finds: string): Behaviour {
  return { name: `answers EPSV with ${name}`, on: { EPSV: reply }, mode: 'epsv', finds };
}

/** Hostile about where data is to go. */
export const dataCommands: readonly Behaviour[] = [
  ...(['PASV', 'EPSV', 'PORT', 'EPRT'] as const).flatMap((verb): Behaviour[] => {
    const mode = verb.toLowerCase() as 'pasv' | 'epsv' | 'port' | 'eprt';
    const at = (
      name: string,
      act: Parameters<typeof sends>[0] | typeof closes,
      finds: string,
    ): Behaviour => ({
      name,
      mode,
      on: { [verb]: typeof act === 'function' || typeof act === 'string' ? act : sends(act) },
      finds,
    });
    return [
      at(`does not answer ${verb}`, silent, 'command-unanswered'),
      at(`closes at ${verb}`, closes, 'control-closed'),
      at(`resets at ${verb}`, resets, 'control-closed'),
      at(`refuses ${verb}`, '500 no', 'data-command-refused'),
      at(`says 421 at ${verb}`, saysAndCloses('421 bye'), 'data-command-refused'),
      at(`says 150 at ${verb}`, '150 soon', 'any'),
      at(`answers ${verb} without end`, floods('150 soon\r\n'), 'any'),
      at(`answers ${verb} a byte a tick`, dribbles('227-x\r\n'), 'command-unanswered'),
    ];
  }),
  pasv('no numbers', '227 ok', 'data-address-garbled'),
  pasv('too few numbers', '227 ok (127,0,0,1,4)', 'data-address-garbled'),
  pasv('letters', '227 ok (h1,h2,h3,h4,p1,p2)', 'data-address-garbled'),
  pasv('another code', '200 ok', 'data-address-garbled'),
  pasv('numbers beyond 255', '227 ok (999,999,999,999,999,999)', 'data-address-garbled'),
  pasv('negative numbers', '227 ok (127,0,0,1,-1,-1)', 'data-address-garbled'),
  pasv('a port beyond 65535', '227 ok (127,0,0,1,256,1)', 'data-address-garbled'),
  pasv('port 0', '227 ok (127,0,0,1,0,0)', 'data-address-garbled'),
  pasv('digits without end', `227 ${'1'.repeat(30_000)}`, 'data-address-garbled'),
  pasv('commas without end', `227 ${'1,'.repeat(15_000)}`, 'any'),
  pasv('another host', '227 ok (10,0,0,1,4,1)', 'address-refused-by-client'),
  pasv('host 0.0.0.0', '227 ok (0,0,0,0,4,1)', 'address-refused-by-client'),
  pasv('the broadcast address', '227 ok (255,255,255,255,4,1)', 'address-refused-by-client'),
  pasv('a multicast address', '227 ok (224,0,0,1,4,1)', 'address-refused-by-client'),
  pasv('the metadata address', '227 ok (169,254,169,254,0,80)', 'address-refused-by-client'),
  pasv('a port that is closed', '227 ok (127,0,0,1,0,1)', 'data-refused'),
  pasv('orders to the terminal', '227 \u001b]0;x\u0007 (10,0,0,1,4,1)', 'address-refused-by-client'),
  epsv('no port', '229 ok', 'data-address-garbled'),
  epsv('port 0', '229 ok (|||0|)', 'data-address-garbled'),
  epsv('a port beyond 65535', '229 ok (|||99999|)', 'data-address-garbled'),
  epsv('a negative port', '229 ok (|||-1|)', 'data-address-garbled'),
  epsv('letters', '229 ok (|||abc|)', 'data-address-garbled'),
  epsv('a port that is closed', '229 ok (|||1|)', 'data-refused'),
  epsv('only IPv6', '522 Network protocol not supported, use (2)', 'data-command-refused'),
  {
    name: 'sends clients back to its control port for data',
    on: {
      PASV: (peer) => {
        const port = peer.socket.localPort ?? 0;
        peer.say(`227 ok (127,0,0,1,${port >> 8},${port & 255})`);
      },
    },
    finds: 'transfer-stalled',
  },
  {
    name: 'stops listening after PASV',
    on: {
      PASV: async (peer) => {
        const port = await peer.listen();
        peer.stopListening();
        peer.say(`227 ok (127,0,0,1,${port >> 8},${port & 255})`);
      },
    },
    finds: 'data-refused',
  },
  {
    name: 'calls back before it is asked to',
    mode: 'port',
    on: {
      PORT: async (peer) => {
        await peer.data();
        peer.say('200 ok');
      },
    },
    finds: 'uploaded',
  },
  {
    name: 'calls back from another address',
    mode: 'port',
    on: { PORT: callsFrom('127.0.0.9') },
    finds: 'uploaded',
  },
  {
    name: 'calls back twice',
    mode: 'port',
    on: {
      PORT: async (peer, argument) => {
        const [, , , , high, low] = argument.split(',').map(Number);
        await peer.data();
        const second = connect({ host: '127.0.0.1', port: (high ?? 0) * 256 + (low ?? 0) });
        peer.circumstances.keep(second);
        peer.say('200 ok');
      },
    },
    finds: 'uploaded',
  },
  { name: 'never calls back', mode: 'port', on: { LIST: silent, STOR: silent }, finds: 'data-unanswered' },
  {
    name: 'says 150 and never calls back',
    mode: 'port',
    on: { LIST: '150 a', STOR: '150 a' },
    finds: 'data-unanswered',
  },
  {
    name: 'says 425 in place of calling back',
    mode: 'port',
    on: { LIST: '425 no', STOR: '425 no' },
    finds: 'data-unanswered',
  },
];

function callsFrom(address: string): typeof closes {
  return (peer) => {
    (peer as { callsFrom: string }).callsFrom = address;
    peer.say('200 ok');
  };
}
