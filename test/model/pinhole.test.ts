import { describe, expect, it } from 'vitest';
import {
  abuses,
  isLegitimate,
  namedEndpoint,
  pinholeRequests,
  requestLine,
  requestsOver,
} from '../../lab/model/pinhole.ts';
import { pinholesOf } from '../exposure/fixtures.ts';

describe('the lines of RFC 959 and RFC 2428', () => {
  it.each([
    ['PORT', 'PORT 192,168,20,10,164,16', { address: '192.168.20.10', port: 42000 }],
    ['EPRT', 'EPRT |1|192.168.20.10|42000|', { address: '192.168.20.10', port: 42000 }],
    ['227', '227 Entering Passive Mode (192,168,20,10,164,16).', { address: '192.168.20.10', port: 42000 }],
    ['229', '229 Entering Extended Passive Mode (|||42000|)', { address: null, port: 42000 }],
  ] as const)('%s', (command, line, endpoint) => {
    expect(requestLine(command, '192.168.20.10', 42000)).toBe(line);
    expect(namedEndpoint(line)).toEqual(endpoint);
  });

  it('EPRT names an IPv6 address', () => {
    const line = 'EPRT |2|2001:db8:0:2::10|42000|';
    expect(requestLine('EPRT', '2001:db8:0:2::10', 42000)).toBe(line);
    expect(namedEndpoint(line)).toEqual({ address: '2001:db8:0:2::10', port: 42000 });
  });

  it('name nothing where there is nothing', () => expect(namedEndpoint('200 PORT ok')).toBeUndefined());
});

describe('requests', () => {
  it('over IPv6 are EPRT and 229', () => {
    expect(new Set(requestsOver('ipv6').map(({ command }) => command))).toEqual(new Set(['EPRT', '229']));
    expect(requestsOver('ipv4')).toEqual(pinholeRequests);
  });

  it('of 229 name no host', () => {
    expect(pinholeRequests.filter(({ command }) => command === '229').map(({ names }) => names)).toEqual([
      'itself',
      'itself',
    ]);
  });

  it('that a transfer needs are one for each command', () => {
    expect(pinholeRequests.filter(isLegitimate).map(({ command }) => command)).toEqual([
      'PORT',
      'EPRT',
      '227',
      '229',
    ]);
  });

  it('that open what nobody needs are abuses', () => {
    expect(abuses(pinholesOf(isLegitimate))).toEqual([]);
    expect(abuses(pinholesOf(({ names }) => names === 'another host'))).toHaveLength(6);
  });
});
