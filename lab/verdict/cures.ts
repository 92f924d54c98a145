import type { Cause } from '../model/cause.ts';
import type { Verdict } from '../model/cell.ts';
import type { WayAstray } from '../model/vocabulary.ts';

/** Who has to do something about a cause, and what: one sentence, the short form of the cause's section in docs/causes.md. */
export interface Cure {
  /** `firewall`: its administrator; `server`: the server's; `client`: whoever uploads; `lab`: the lab failed, nothing was shown. */
  readonly who: 'nobody' | 'firewall' | 'server' | 'client' | 'lab';
  readonly sentence: string;
}

/** By cause, if a rule or a policy, or nobody, refused a packet. */
export const cures: Readonly<Record<Cause, Cure>> = {
  none: { who: 'nobody', sentence: 'Nothing to do: the upload works.' },
  'control-dropped': {
    who: 'firewall',
    sentence: "Allow TCP from the clients to the server's control port, before the rule that dropped it.",
  },
  'control-refused': {
    who: 'firewall',
    sentence:
      "If a firewall rejected it, allow TCP from the clients to the server's control port before that rule; if the server did, start it or use its port.",
  },
  'login-denied': {
    who: 'server',
    sentence: 'Correct the name or password, or have the server let the account in.',
  },
  'data-dropped': {
    who: 'firewall',
    sentence:
      "Accept the data connection before what dropped it: have the firewall follow the FTP session (ISA: the FTP access filter; Linux: CT --helper ftp, in nft ct helper set, and a rule for RELATED); for FTPS open the server's passive range to that server.",
  },
  'data-refused': {
    who: 'firewall',
    sentence:
      "If a firewall rejected it, have that firewall follow the FTP session; if nobody listens, have the server's side forward its passive ports.",
  },
  'pasv-address-unroutable': {
    who: 'server',
    sentence:
      'Configure the server to announce the address that its clients connect to, or use EPSV, which names no address.',
  },
  'pasv-address-rejected-by-client': {
    who: 'server',
    sentence:
      'Configure the server to announce the address that its clients connect to, or use EPSV, which names no address.',
  },
  'port-command-refused': {
    who: 'client',
    sentence:
      'Use a passive mode; if it has to be active, have the NAT firewall translate the address in PORT (FTP filter or helper).',
  },
  'command-refused-by-firewall': {
    who: 'firewall',
    sentence:
      'Have the firewall let the command pass: in ISA clear Read Only on that rule; elsewhere remove or narrow the rule named.',
  },
  'command-refused-by-server': {
    who: 'server',
    sentence: "Have the server's owner allow the account to write there.",
  },
  'quota-exceeded': { who: 'server', sentence: "Have the server's owner make room: quota or disk." },
  'stalled-mid-transfer': {
    who: 'firewall',
    sentence:
      'Let the packets of the running transfer pass, and ICMP "fragmentation needed" towards the sender.',
  },
  'control-idle-cut': {
    who: 'firewall',
    sentence:
      'Raise the idle timeout above the longest transfer, or use a client that keeps the control connection alive.',
  },
  'tls-refused-by-firewall': {
    who: 'firewall',
    sentence:
      "Allow FTPS by a protocol without the FTP access filter, with the server's passive range, to that server only.",
  },
  'tls-session-reuse-required': {
    who: 'client',
    sentence:
      'Use a client that resumes the TLS session in data connections, or have the server not require it.',
  },
  'content-mismatch': { who: 'client', sentence: 'Transfer in binary type (TYPE I), not in ASCII.' },
  'lab-bypassed': {
    who: 'lab',
    sentence: 'No verdict of this run counts: run "ftplab doctor" and report it.',
  },
  inconclusive: {
    who: 'lab',
    sentence:
      'Nothing is proven: try "ftplab explain" on this cell, with --patient, and look at what it shows.',
  },
};

/** By what became of a packet that no rule refused. */
export const curesOfAstray: Readonly<Record<WayAstray, Cure>> = {
  turned: {
    who: 'firewall',
    sentence:
      'Remove the rule that sends the packet elsewhere, or narrow it to the connections that it is meant for.',
  },
  'other-source': {
    who: 'firewall',
    sentence:
      'Have the rule match the control and the data connections alike, and give them a source address that replies come back to.',
  },
  'called-back': {
    who: 'firewall',
    sentence:
      'Use a passive mode; if it has to be active, have the firewall that hides the client follow the FTP session, so that it translates the address in PORT and lets the connection in.',
  },
  queued: {
    who: 'firewall',
    sentence:
      'Start the program that reads the queue, or give the rule --queue-bypass, which lets packets pass while nobody reads.',
  },
  untracked: {
    who: 'firewall',
    sentence:
      'Let connection tracking see both directions of the connection: use one zone for both, and no NOTRACK rule for either.',
  },
  unexpected: {
    who: 'server',
    sentence:
      "Have the server announce its own address for PASV, as the firewall's FTP helper then writes the published one into the reply; or publish its passive range too, without the helper.",
  },
  unfound: {
    who: 'firewall',
    sentence:
      'Accept ICMPv6 neighbour solicitations and advertisements (types 135 and 136) to and from the host itself, before what refuses them: INPUT and OUTPUT of ip6tables, input and output of nft.',
  },
  untranslated: {
    who: 'firewall',
    sentence:
      'Have the firewall that publishes the server follow the FTP session (ISA: the FTP access filter; Linux: CT --helper ftp, in nft ct helper set, at the published port, and a rule for RELATED), which writes the published address into the reply; or have the server announce that address, and publish its passive range.',
  },
  kernel: {
    who: 'firewall',
    sentence:
      'Correct what the verdict names: the route, the reverse-path filter (rp_filter), the TTL, or the size of the table of connections.',
  },
};

/** What cures the failure that a verdict is about. */
export function cureFor({ cause, astray }: Pick<Verdict, 'cause' | 'astray'>): Cure {
  return astray === undefined ? cures[cause] : curesOfAstray[astray];
}
