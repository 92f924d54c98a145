import { ADDRCONFIG } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { LabError } from '../errors.ts';
import { type Family, families, familyOf } from '../network/family.ts';

/** A server outside the lab, as the user names it. */
export interface ServerUrl {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The folder for uploads, relative to the one in which the session starts; '' is that one (RFC 1738 section 3.2.2). */
  readonly folder: string;
}

/** Where the control connection can go to. */
export interface ServerAddress extends ServerUrl {
  /** By version of IP; at least one. */
  readonly addresses: Partial<Readonly<Record<Family, string>>>;
}

/** The form of a URL. */
const form = 'ftp://user@host[:port][/folder]';

/**
 * Reads `ftp://user@host[:port][/folder]`. Throws LabError `url-malformed`, `password-in-url` or `url-not-supported`; none
 * of them repeats a password.
 */
export function parseServerUrl(text: string): ServerUrl {
  if (text.includes('\\')) throw malformed('There is a \\ in it; write %5C, as in DOMAIN%5Cuser');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^[a-z]+:\/\//i.test(text)) throw malformed('It is not a URL');
  if (url.password !== '')
    throw new LabError(
      'usage',
      'password-in-url',
      'The URL contains a password, which every user of this machine can read in the process list',
      'Leave it out; the command asks for it, or takes it from the environment variable FTPLAB_PASSWORD. Change the password that you typed.',
    );
  if (url.protocol !== 'ftp:')
    throw new LabError(
      'usage',
      'url-not-supported',
      `${url.protocol}// is not supported: the lab speaks plain FTP`,
      `Write ${form}.`,
    );
  if (url.search !== '' || url.hash !== '') throw malformed('There is a ? or # in it; write %3F or %23');
  if (url.username === '') throw malformed('It names no user (anonymous@ is one)');
  if (url.hostname === '' || url.port === '0') throw malformed('It names no host and port');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 21 : Number(url.port),
    user: decoded(url.username),
    folder: decoded(url.pathname).replace(/^\//, '').replace(/\/+$/, ''),
  };
}

/**
 * Resolves the host once: everything afterwards goes to these addresses, one for each of the versions of IP that the host, and this
 * machine, have. Throws LabError `host-not-found`.
 */
export async function resolveServer(
  server: ServerUrl,
  among: readonly Family[] = families,
): Promise<ServerAddress> {
  try {
    const found = await lookup(server.host, { all: true, hints: ADDRCONFIG });
    const addresses = among.flatMap((family) => {
      const address = found.find((one) => familyOf(one.address) === family)?.address;
      return address === undefined ? [] : [[family, address] as const];
    });
    if (addresses.length > 0) return { ...server, addresses: Object.fromEntries(addresses) };
    throw new Error(`it has ${found.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    throw new LabError(
      'environment',
      'host-not-found',
      `There is no ${among.map((family) => ipName[family]).join(' or ')} address for ${server.host}: ${(error as Error).message}`,
      'Give the address itself, if you know it.',
      { cause: error },
    );
  }
}

const ipName: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

/** Decodes %XX. A line feed would end the FTP command that contains the text (RFC 1738 section 3.2). */
function decoded(text: string): string {
  try {
    const plain = decodeURIComponent(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (!/[\u0000-\u001f\u007f]/.test(plain)) return plain;
  } catch {
    throw malformed('A % in it is not followed by two hexadecimal digits');
  }
  throw malformed('There is a control character in it');
}

function malformed(why: string): LabError {
  return new LabError('usage', 'url-malformed', `The URL cannot be used. ${why}.`, `Write ${form}.`);
}
