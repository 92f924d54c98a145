import { type Family, familyOf } from '../network/family.ts';
import type { PinholeRequest, PinholeTest } from './result/exposure.ts';

/*
 * What a firewall's FTP helper opens when a control connection asks for it, and what it should not.
 */

export type { PinholeOutcome, PinholeRequest, PinholeTest } from './result/exposure.ts';

/** Every request that is tried over IPv4. 229 names no address (RFC 2428 section 3). */
export const pinholeRequests: readonly PinholeRequest[] = (['PORT', 'EPRT', '227', '229'] as const).flatMap(
  (command) =>
    (['itself', 'another host'] as const).flatMap((names) =>
      (['high', 'low'] as const)
        .map((port) => ({ command, names, port }))
        .filter(() => command !== '229' || names === 'itself'),
    ),
);

/** The requests that can be made over a version of IP: PORT and 227 name IPv4 addresses (RFC 2428 section 1). */
export function requestsOver(family: Family): readonly PinholeRequest[] {
  if (family === 'ipv4') return pinholeRequests;
  return pinholeRequests.filter(({ command }) => command === 'EPRT' || command === '229');
}

/** Whether a transfer needs the hole: an FTP filter is there to open it. */
export function isLegitimate({ names, port }: PinholeRequest): boolean {
  return names === 'itself' && port === 'high';
}

/** The holes that nobody needs but a helper opened. */
export function abuses(tests: readonly PinholeTest[]): PinholeTest[] {
  return tests.filter((test) => test.outcome === 'opens' && !isLegitimate(test));
}

/** Those of them that lead to another host than the one that asked: whoever has a session reaches it by the firewall's help. */
export function bounces(tests: readonly PinholeTest[]): PinholeTest[] {
  return abuses(tests).filter(({ names }) => names === 'another host');
}

/** The line itself, without CR LF (RFC 959 sections 4.1.2 and 4.2.2, RFC 2428 sections 2 and 3). */
export function requestLine(command: PinholeRequest['command'], address: string, port: number): string {
  const numbers = [...address.split('.'), port >> 8, port & 255].join(',');
  switch (command) {
    case 'PORT':
      return `PORT ${numbers}`;
    case 'EPRT':
      return `EPRT |${familyOf(address) === 'ipv4' ? 1 : 2}|${address}|${port}|`;
    case '227':
      return `227 Entering Passive Mode (${numbers}).`;
    case '229':
      return `229 Entering Extended Passive Mode (|||${port}|)`;
  }
}

/** The endpoint that a line names, as the other side reads it; `address` is `null` if it names none. */
export function namedEndpoint(line: string): { address: string | null; port: number } | undefined {
  const numbers = /\b(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)\b/.exec(line)?.slice(1).map(Number);
  if (numbers) {
    const [high = 0, low = 0] = numbers.slice(4);
    return { address: numbers.slice(0, 4).join('.'), port: high * 256 + low };
  }
  const [, address = '', port] = /\|(?:[12]\|([\da-f.:]+))?\|?\|?(\d+)\|/i.exec(line) ?? [];
  return port === undefined ? undefined : { address: address || null, port: Number(port) };
}
