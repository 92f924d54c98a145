import ipaddr from 'ipaddr.js';
import { type AttemptReport, isPassive, type ObservedStep, type TransferMode } from '../../model/attempt.ts';
import { addressOf, endpointOf, portOf } from '../../model/endpoint.ts';

/** What an attempt without a view of the firewalls proves, and what it leaves open; for people. */
export interface Knowledge {
  readonly known: string;
  /** Empty if nothing that matters is left open. */
  readonly open: string;
}

/** Where the attempt went, and how long it waited. */
export interface Circumstances {
  readonly mode: TransferMode;
  /** The server by name, and the address that was called. */
  readonly server: string;
  readonly address: string;
  /** Of the control connection. */
  readonly port: number;
  readonly patienceMs: number;
}

/** `failed` is the step because of which the upload failed, or `undefined`. Pure. */
export function whatIsKnown(
  failed: ObservedStep | undefined,
  report: AttemptReport,
  circumstances: Circumstances,
): Knowledge {
  if (!failed) return uploaded(report);
  const { mode, server, address, port, patienceMs } = circumstances;
  const said = `"${failed.reply}"`;
  const seconds = `${patienceMs / 1000} s`;
  const to = failed.connection?.destination ?? endpointOf(address, port);
  const from = failed.connection?.source ?? 'this machine';
  const who = `this machine's own, one on the way, or ${server}'s`;
  switch (failed.failure) {
    case 'control-unanswered':
      return {
        known: `${to} did not answer within ${seconds}: ${said}.`,
        open: `whether a firewall drops the connection (${who}) or no host has that address: both are silent. A firewall that drops it logs TCP ${from} to ${to}.`,
      };
    case 'control-refused':
      return {
        known: `The connection to ${to} was refused: ${said}.`,
        open: `whether ${server} itself refused it or a firewall did so in its place.`,
      };
    case 'greeting-closed':
      return {
        known: `${to} accepts the connection and closes it without a greeting: ${said}.`,
        open: `why: TCP wrappers or a ban of this machine's address, a limit of connections, a service that is being started or stopped, or a firewall or proxy that answers in ${server}'s name. ${server}'s log tells.`,
      };
    case 'greeting-silent':
      return {
        known: `${to} accepts the connection, but sent no complete greeting within ${seconds}: ${said}.`,
        open: `why: it may want TLS from the first byte (implicit FTPS, mostly port 990), look up this machine's name or ident first, or be a proxy whose own connection to ${server} hangs. A longer --patience shows whether it is only slow.`,
      };
    case 'not-ready':
      return {
        known: `${to} answers that it is not ready, and did not become so within ${seconds}: ${said}.`,
        open: 'when it will be. A longer --patience may be enough.',
      };
    case 'turned-away':
      return {
        known: `${server} answers, and refuses this machine before any login: ${said}.`,
        open: `why: too many connections, this machine's address, or the time of day. Only the reply, and ${server}'s log, can tell.`,
      };
    case 'not-ftp':
      return {
        known: `${to} answers, but does not speak FTP: ${said}.`,
        open: `on which port ${server} serves FTP, if it does.`,
      };
    case 'too-much':
      return {
        known: `${server} sends more than an FTP session needs during ${named(failed)}: ${said}. The lab ended it.`,
        open: 'whether it is an FTP server at all.',
      };
    case 'data-address-garbled':
      return {
        known: `The login works. ${server} accepted ${mode.toUpperCase()}, and its reply names no endpoint to connect to: ${said}.`,
        open: `whether ${server} says so itself or a firewall damaged the reply.`,
      };
    case 'command-unanswered':
      return {
        known: `The control connection is open, but ${server} did not complete its reply during ${named(failed)} within ${seconds}: ${said}.`,
        open: `whether ${server} hangs, or a firewall swallows a line or has forgotten the connection.`,
      };
    case 'login-denied':
      return {
        known: `${server} answers, but does not let the user log in: ${said}.`,
        open: 'whether an upload would work; that needs a login.',
      };
    case 'data-unanswered':
      return isPassive(mode)
        ? {
            known: `The login works. ${server} announced port ${portOf(to)} for the data connection, and ${unansweredOr(failed, seconds)}.`,
            open: `whether a firewall drops it, and which (${who}), or ${server} announced a port that it does not listen on. A firewall that drops it logs TCP ${from} to ${to}.`,
          }
        : {
            known: `The login works. ${server} accepted ${mode.toUpperCase()} with ${to}, and ${failed.code === null ? `no data connection from it arrived within ${seconds}` : `could not open the data connection: ${said}`}.${privateAddress(to, address)}`,
            open: `whether a firewall drops it, and which (${who}). A firewall that drops it logs TCP from ${address} to ${to}, or to the address that this machine has behind NAT.`,
          };
    case 'data-refused':
      return {
        known: `The login works. The data connection to ${to} was refused at once.`,
        open: `whether ${server} itself refused it, having closed the announced port, or a firewall did so in its place (${who}).`,
      };
    case 'data-command-refused':
      return {
        known: `The login works. ${mode.toUpperCase()} was refused: ${said}.${isPassive(mode) ? '' : privateAddress(to, address)}`,
        open: `whether ${server} refused the command, or a firewall that inspects FTP did.`,
      };
    case 'address-refused-by-client':
      return {
        known: `The login works. The reply to PASV names another host than ${address}: ${announced(report)}. The lab did not connect to it. EPSV names no host.`,
        open: `whether ${server} announces that address itself, being behind NAT, or a firewall rewrote it.`,
      };
    case 'command-refused':
      return {
        known: `The login works. ${capitalised(named(failed))} was refused with a reply: ${said}.`,
        open:
          failed.code === 452 || failed.code === 552
            ? ''
            : `whether ${server} refused it (permissions, file names), or a firewall that inspects FTP did, such as ISA Server's FTP access filter under a Read Only rule. The same attempt from outside the firewall tells.`,
      };
    case 'transfer-stalled':
      return {
        known: `The login works and the data connection opens; ${named(failed)} then stopped: ${said}.${smallWorked(failed, report)}`,
        open: 'where on the path the data stops.',
      };
    case 'control-closed':
      return {
        known: `The control connection ended during ${named(failed)}: ${said}.`,
        open: `whether ${server} closed it or a firewall cut it.`,
      };
    case 'content-mismatch':
      return {
        known: `${server} confirmed ${named(failed)}, but the file read back differs from the file sent: ${said}.`,
        open: '',
      };
    default:
      return { known: `${capitalised(named(failed))} failed: ${said}.`, open: 'why.' };
  }
}

function uploaded({ steps }: AttemptReport): Knowledge {
  const retrieve = steps.find(({ name }) => name === 'retrieve');
  return retrieve?.outcome === 'ok'
    ? { known: 'It uploads: 1 KiB and 1 MiB were confirmed, and the 1 MiB came back unchanged.', open: '' }
    : {
        known: 'It uploads: 1 KiB and 1 MiB were confirmed.',
        open: `whether they arrived unchanged, since reading back failed: "${retrieve?.reply}".`,
      };
}

function named({ name }: ObservedStep): string {
  if (name === 'store-small') return 'the upload of 1 KiB';
  if (name === 'store-large') return 'the upload of 1 MiB';
  return name;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function unansweredOr({ code, reply }: ObservedStep, seconds: string): string {
  return code === null
    ? `this machine's attempt to open it was not answered within ${seconds}`
    : `it could not be opened: "${reply}"`;
}

/** In active mode a client behind NAT names an address that the server cannot reach, unless something rewrites it. */
function privateAddress(endpoint: string, server: string): string {
  const own = addressOf(endpoint);
  const isPrivate = (address: string) =>
    ipaddr.isValid(address) && ipaddr.parse(address).range() === 'private';
  return isPrivate(own) && !isPrivate(server)
    ? ` ${own} is a private address, which a server elsewhere cannot reach unless a firewall rewrites the command.`
    : '';
}

function announced({ transcript }: AttemptReport): string {
  const reply = transcript.findLast(({ from, text }) => from === 'server' && text.startsWith('227'));
  return `"${reply?.text ?? ''}"`;
}

function smallWorked({ name }: ObservedStep, { steps }: AttemptReport): string {
  const small = steps.find((step) => step.name === 'store-small');
  return name === 'store-large' && small?.outcome === 'ok' ? ' The upload of 1 KiB worked.' : '';
}
