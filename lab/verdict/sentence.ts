import { isPassive, type ObservedStep, type TransferMode } from '../ftp/attempt.ts';
import type { Attempted, Verdict } from './cell.ts';

/** One sentence, for a person with a ticket: who, whom, what happened, which rule on which firewall. */
export function sentenceOf(
  { client, server, mode }: Attempted,
  { cause, firewall, rule, packet }: Omit<Verdict, 'sentence'>,
  failed: ObservedStep | undefined,
): string {
  const said = failed?.reply ? `: "${failed.reply}"` : '';
  const command = mode.toUpperCase();
  const by = `rule "${rule}" on ${firewall}`;
  const path = packet ? `${packet.source} > ${packet.destination}` : '';
  const loggedIn = `${client} logs in to ${server}`;
  switch (cause) {
    case 'none':
      return `${client} uploads to ${server} over ${command}; 1 KiB and 1 MiB arrived intact.`;
    case 'control-dropped':
      return `${client} cannot reach ${server}: ${by} dropped the control connection (${path}).`;
    case 'control-refused':
      return firewall
        ? `${client} cannot reach ${server}: ${by} rejected the control connection (${path}).`
        : `${client} cannot reach ${server}: no firewall refused, the server itself does not take the control connection${said}.`;
    case 'login-denied':
      return `${server} does not let ${client} log in${said}.`;
    case 'data-dropped':
      return `${loggedIn}, but ${by} dropped the data connection that ${opener(mode, server, client)} (${path}).`;
    case 'data-refused':
      return firewall
        ? `${loggedIn}, but ${by} rejected the data connection that ${opener(mode, server, client)} (${path}).`
        : `${loggedIn}, but no firewall refused the data connection and nobody accepts it${said}.`;
    case 'port-command-refused':
      return `${loggedIn}, but ${server} refuses ${command} and opens no data connection${said}.`;
    case 'command-refused-by-firewall':
      return `${loggedIn}, but the FTP access filter refuses STOR: ${by} is Read Only${said}.`;
    case 'command-refused-by-server':
      if (failed?.name === 'login') return `${server} refuses ${client} TLS${said}; no firewall took part.`;
      return `${loggedIn}, but ${server} refuses the command${said}; no firewall took part.`;
    case 'tls-refused-by-firewall':
      return `${client} reaches ${server}, but the FTP access filter refuses AUTH TLS: ${by} does not let FTPS pass${said}.`;
    case 'tls-session-reuse-required':
      return `${loggedIn}, but ${server} turns the data connection down: ${client} does not resume the control connection's TLS session in it${said}.`;
    case 'quota-exceeded':
      return `${loggedIn}, but ${server} has no room for the file${said}.`;
    case 'stalled-mid-transfer':
      return `${loggedIn} and starts the upload, but the data stops on the way${said}.`;
    case 'content-mismatch':
      return `${server} confirmed the upload, but holds other bytes than ${client} sent${said}.`;
    case 'pasv-address-rejected-by-client':
      return `${loggedIn}, but the client refuses the address that ${server} announced for PASV${said}.`;
    default:
      return `${client} cannot upload to ${server}, and the lab has no proof of why (${cause})${said}.`;
  }
}

function opener(mode: TransferMode, server: string, client: string): string {
  return isPassive(mode)
    ? `${client} opens after ${mode.toUpperCase()}`
    : `${server} opens after ${mode.toUpperCase()}`;
}
