/* The address that 227 names, against the one that clients call. EPSV, PORT and EPRT name no address of the server. */
import ipaddr from 'ipaddr.js';
import type { ServerFinding } from '../../model/result/server-diagnosis.ts';
import type { Found } from './asked-rules.ts';
import type { ServerSide } from './host-facts.ts';
import type { FtpService } from './service.ts';

type Told = Pick<ServerFinding, 'code' | 'outcome' | 'found'>;

export function announcedFindings(side: ServerSide, service: FtpService): Found {
  if (!service.passive.value) return { findings: [], fine: [] };
  const told = announcedTold(side, service);
  if (typeof told === 'string') return { findings: [], fine: [told] };
  const { announced, daemon } = service;
  const option = { vsftpd: 'pasv_address=', ProFTPD: 'MasqueradeAddress ', 'Pure-FTPd': 'ForcePassiveIP ' }[
    daemon
  ];
  const right = side.seenAt ?? 'ADDRESS';
  return {
    findings: [
      {
        ...told,
        modes: ['pasv'],
        where: announced.at === null ? [] : [announced.at],
        why: `A client that follows the reply connects elsewhere; careful ones refuse it. curl and lftp ignore the address, and EPSV names none: "some clients work" is typical.`,
        change:
          side.seenAt === null
            ? `Say which address clients call: --seen-at ADDRESS.${announced.value === null ? '' : ` If it is another one: ${option}ADDRESS.`}`
            : `Set ${option}${right}, unless a firewall in front of this machine has the FTP access filter: it writes the address itself, and needs the server's own one in the reply.`,
      },
    ],
    fine: [],
  };
}

/** What is wrong or not known about the announced address, or a sentence if it is right. */
function announcedTold({ machine, seenAt }: ServerSide, service: FtpService): Told | string {
  const { value: named } = service.announced;
  const own = machine?.addresses ?? [];
  if (named !== null && !isAddress(named))
    return {
      code: 'announced-unknown',
      outcome: 'unknown',
      found: `227 names what ${named} stands for; it was not looked up.`,
    };
  if (named !== null) {
    if (named === seenAt) return `227 names ${named}, the address that clients call.`;
    const code = isPrivate(named) ? 'announced-private' : 'announced-other';
    if (seenAt !== null)
      return { code, outcome: 'breaks', found: `227 names ${named}, and clients call ${seenAt}.` };
    if (isPrivate(named))
      return {
        code,
        outcome: 'unknown',
        found: `227 names ${named}, a private address: clients elsewhere cannot reach it.`,
      };
    if (own.includes(named)) return `227 names ${named}, an address of this machine.`;
    return {
      code: 'announced-unknown',
      outcome: 'unknown',
      found: `227 names ${named}${own.length > 0 ? `, which is none of this machine's (${own.join(', ')})` : ''}: right only if clients call it.`,
    };
  }
  if (own.length === 0)
    return {
      code: 'announced-unknown',
      outcome: 'unknown',
      found: `No address is set for 227, so it names the machine's own, which its files do not tell${seenAt === null ? '' : `: right only if that is ${seenAt}`}.`,
    };
  if (seenAt !== null)
    return own.includes(seenAt)
      ? `227 names the address that clients call, ${seenAt}, as it is this machine's own.`
      : {
          code: 'own-address-other',
          outcome: 'unknown',
          found: `227 names this machine's own address (${own.join(', ')}), and clients call ${seenAt}: something translates in between. PASV works only if that has the FTP access filter.`,
        };
  return own.every(isPrivate)
    ? {
        code: 'own-address-private',
        outcome: 'unknown',
        found: `227 names this machine's own address, a private one (${own.join(', ')}): right for clients of the same networks, wrong for those that come through NAT.`,
      }
    : `227 names this machine's own address (${own.join(', ')}).`;
}

function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text);
}

function isPrivate(address: string): boolean {
  return (
    isAddress(address) &&
    ['private', 'carrierGradeNat', 'loopback', 'linkLocal'].includes(ipaddr.IPv4.parse(address).range())
  );
}
