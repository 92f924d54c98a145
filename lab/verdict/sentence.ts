import { isPassive, type ObservedStep, type TransferMode } from '../model/attempt.ts';
import type { Attempted, LeftBehind, Verdict } from '../model/cell.ts';
import { called, firewallCalled } from '../model/names.ts';
import type { Circumstance, Observation } from './finding.ts';
import { wayInWords } from './way.ts';

/** One sentence, for a person with a ticket: who, whom, what happened, which rule on which firewall, what the server holds. */
export function sentenceOf(
  { cell: attempted, names }: Pick<Observation, 'cell' | 'names'>,
  { firewall, ...rest }: Omit<Verdict, 'sentence'>,
  failed: ObservedStep | undefined,
  circumstance?: Circumstance,
): string {
  const [client, server] = [called(attempted.client, names), called(attempted.server, names)];
  const cell = { ...attempted, client, server };
  const verdict = { ...rest, firewall: firewall && firewallCalled(firewall, names) };
  const sentence = withoutLeft(cell, verdict, failed, circumstance);
  const { left } = verdict;
  const saysIt = verdict.cause === 'content-mismatch' || circumstance?.kind === 'all-arrived';
  if (left === undefined || saysIt || !(begun(verdict.cause, circumstance) || left.bytes !== null))
    return sentence;
  return `${sentence.slice(0, -1)}; ${cell.server} holds ${leftInWords(left)}.`;
}

/** Whether the transfer had begun, so that nothing on the server is worth a word. */
function begun(cause: Verdict['cause'], circumstance: Circumstance | undefined): boolean {
  const kind = circumstance?.kind;
  return kind === 'line-stopped' || (cause === 'stalled-mid-transfer' && kind !== 'icmp-withheld');
}

/** What a sentence needs of a verdict, its firewall as the user calls it. */
type Decided = Pick<Verdict, 'cause' | 'rule' | 'packet' | 'way'> & { readonly firewall: string | null };

function withoutLeft(
  attempted: Attempted,
  { cause, firewall, rule, packet, way }: Decided,
  failed: ObservedStep | undefined,
  circumstance: Circumstance | undefined,
): string {
  const { client, server, mode } = attempted;
  const said = failed?.reply ? `: "${failed.reply}"` : '';
  const command = mode.toUpperCase();
  const where = wayInWords(way);
  const place = where === '' ? firewall : `${firewall} (${where})`;
  const by = rule === null ? `${firewall} (by none of its rules)` : `rule "${rule}" on ${place}`;
  const did = circumstance && 'rejected' in circumstance && circumstance.rejected ? 'rejected' : 'dropped';
  const path = packet ? `${packet.source} > ${packet.destination}` : '';
  const loggedIn = `${client} logs in to ${server}`;
  if (circumstance?.kind === 'astray') {
    const how = `${circumstance.how}${path === '' ? '' : ` (${path})`}.`;
    if (cause.startsWith('control')) return `${client} cannot reach ${server}: ${how}`;
    if (cause.startsWith('data'))
      return `${loggedIn}, but the data connection that ${opener(mode, server, client)} fails: ${how}`;
    const verdict = { cause, firewall: null, rule: null, packet: null };
    return `${withoutLeft(attempted, verdict, failed, undefined).slice(0, -1)}; ${how}`;
  }
  switch (cause) {
    case 'none':
      return `${client} uploads to ${server} over ${command}; 1 KiB and 1 MiB arrived intact.`;
    case 'control-dropped':
      if (circumstance?.kind === 'beyond-firewalls')
        return `${client} cannot reach ${server}: every firewall on the way let the control connection pass, and nobody beyond them answered.`;
      if (circumstance?.kind === 'handshake')
        return `${client} cannot reach ${server}: ${by} dropped the packet that completes the control connection's handshake (${path}).`;
      if (circumstance?.kind === 'answer')
        return `${client} cannot reach ${server}: ${by} ${did} the answer to the control connection (${path}).`;
      return `${client} cannot reach ${server}: ${by} dropped the control connection (${path}).`;
    case 'control-refused':
      return firewall
        ? `${client} cannot reach ${server}: ${by} rejected the control connection (${path}).`
        : `${client} cannot reach ${server}: no firewall refused the control connection, but the server itself does not accept it${said}.`;
    case 'login-denied':
      return `${server} does not let ${client} log in${said}.`;
    case 'data-dropped':
      if (circumstance?.kind === 'beyond-firewalls')
        return `${loggedIn}, but nobody answers the data connection that ${opener(mode, server, client)}: every firewall on the way let it pass, so it is dropped beyond them.`;
      if (circumstance?.kind === 'handshake')
        return `${loggedIn}, but ${by} dropped the packet that completes the handshake of the data connection that ${opener(mode, server, client)} (${path}).`;
      if (circumstance?.kind === 'answer')
        return `${loggedIn}, but ${by} ${did} the answer to the data connection that ${opener(mode, server, client)} (${path}).`;
      return `${loggedIn}, but ${by} dropped the data connection that ${opener(mode, server, client)} (${path}).`;
    case 'data-refused':
      return firewall
        ? `${loggedIn}, but ${by} rejected the data connection that ${opener(mode, server, client)} (${path}).`
        : `${loggedIn}, but nobody accepts the data connection, and no firewall refused it${said}.`;
    case 'port-command-refused':
      return `${loggedIn}, but ${server} refuses ${command} and opens no data connection${said}.`;
    case 'command-refused-by-firewall':
      if (circumstance?.kind === 'web-proxy')
        return `${client} reaches ${server} through the firewall's web proxy, which does not accept uploads${said}.`;
      if (circumstance?.kind === 'broken-line')
        return `${loggedIn}, but the FTP helper that ${by} attaches drops a line of the control connection that it cannot read whole, as if it were split over several packets (${path})${said}.`;
      if (circumstance?.kind === 'line-stopped')
        return `${reached(failed, client, server)}, but ${by} ${did} ${circumstance.line} (${path}).`;
      return `${loggedIn}, but the FTP access filter refuses STOR: ${by} is Read Only${said}.`;
    case 'command-refused-by-server':
      if (failed?.name === 'login') return `${server} refuses ${client} TLS${said}; no firewall took part.`;
      return `${loggedIn}, but ${server} refuses the command${said}; no firewall took part.`;
    case 'tls-refused-by-firewall':
      return `${client} reaches ${server}, but the FTP access filter refuses AUTH TLS: ${by} does not let FTPS pass${said}.`;
    case 'tls-session-reuse-required':
      return `${loggedIn}, but ${server} refuses the data connection: ${client} does not resume the control connection's TLS session in it${said}.`;
    case 'quota-exceeded':
      return `${loggedIn}, but ${server} has no room for the file${said}.`;
    case 'stalled-mid-transfer':
      if (circumstance?.kind === 'icmp-withheld')
        return `${loggedIn} and starts the upload, but the data stops on the way: ${by} dropped the ICMP message "fragmentation needed" (${path}), so the sender goes on with packets that are too large.`;
      if (circumstance?.kind === 'transfer-stopped')
        return `${loggedIn} and starts the upload, but ${by} ${did} ${carried[circumstance.what]} (${path}).`;
      return `${loggedIn} and starts the upload, but the data stops on the way${said}.`;
    case 'control-idle-cut': {
      const forgot = `${firewall} had forgotten the control connection meanwhile, and ${by} dropped a packet of it (${path})`;
      return circumstance?.kind === 'all-arrived'
        ? `${client}'s file is complete on ${server}, but the server's reply to the upload does not arrive: ${forgot}.`
        : `${loggedIn}, but the control connection is dead: ${forgot}.`;
    }
    case 'content-mismatch':
      return `${server} confirmed the upload, but holds other bytes than ${client} sent${said}.`;
    case 'pasv-address-unroutable':
      return `${loggedIn}, but PASV names ${failed?.connection?.destination}, which is not the server's address, and ${client} gets no connection there${rule === null ? '' : `: ${by} refused it`}.`;
    case 'pasv-address-rejected-by-client':
      return `${loggedIn}, but the client refuses the address that ${server} announced for PASV${said}.`;
    case 'lab-bypassed':
    case 'inconclusive':
      if (circumstance?.kind === 'differs')
        return `${client} could not upload to ${server}${said}, but a second attempt, with every packet traced, ended differently; try again.`;
      return `${client} cannot upload to ${server}, and the lab has no proof of why (${cause})${said}.`;
  }
}

/** What a packet of a data connection carries. */
const carried = {
  data: 'packets with its data',
  acknowledgements: 'the acknowledgements of its data',
  end: 'the packet that ends it',
} as const;

/** How far the client came before the step that failed. */
function reached(failed: ObservedStep | undefined, client: string, server: string): string {
  if (failed?.name === 'connect') return `${client} connects to ${server}`;
  return failed?.name === 'login' ? `${client} reaches ${server}` : `${client} logs in to ${server}`;
}

/** What a failed upload left on the server, in words. */
export function leftInWords({ bytes, of }: LeftBehind): string {
  if (bytes === null) return 'nothing of the file';
  if (bytes === 0) return 'an empty file';
  const all = of.toLocaleString('en');
  return bytes === of ? `all ${all} bytes` : `${bytes.toLocaleString('en')} of ${all} bytes`;
}

function opener(mode: TransferMode, server: string, client: string): string {
  return isPassive(mode)
    ? `${client} opens after ${mode.toUpperCase()}`
    : `${server} opens after ${mode.toUpperCase()}`;
}
