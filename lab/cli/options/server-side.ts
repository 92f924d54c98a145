import { type Command, InvalidArgumentError, Option } from 'commander';
import ipaddr from 'ipaddr.js';
import { LabError } from '../../errors.ts';
import type { ServerSideRequest } from '../../trial/diagnose-server-side.ts';

/** What is asked of a server's own side. */
export interface ServerSideOptions {
  readonly serverSide?: true;
  readonly serverConfig?: string;
  readonly hostRules?: string;
  readonly seenAt?: string;
  readonly interface?: string;
}

/** Options that are about the client's side. */
const notHere = ['mode', 'patience', 'ports', 'count'];

/** Adds the options for a look at a server from its own side. */
export function addServerSideOptions(command: Command): Command {
  const options = [
    new Option('--server-side', "look at this machine, which is the server's own"),
    new Option(
      '--server-config <file>',
      "the FTP server's configuration (default with --server-side: the one of this machine)",
    ),
    new Option(
      '--host-rules <file>',
      "what iptables-save printed on the server's machine; - is standard input (default: the rules in force)",
    ),
    new Option('--seen-at <address>', 'the IPv4 address that clients call').argParser(ipv4),
    new Option(
      '--interface <name>',
      "the interface of the server's machine that clients come in by (default: the only one)",
    ),
  ];
  command.optionsGroup("The server's own side:");
  for (const option of options) command.addOption(option.conflicts(notHere));
  return command.optionsGroup('Options:');
}

/** The look at the server's own side, if that is what is asked. Throws LabError `usage` if options or `url` speak of both sides. */
export function serverSideOf(
  url: string | undefined,
  { serverSide, serverConfig: config, hostRules: rules, ...seen }: ServerSideOptions,
): ServerSideRequest | undefined {
  if (serverSide || config !== undefined || rules !== undefined) {
    if (url === undefined)
      return { here: serverSide === true, config, rules, seenAt: seen.seenAt, interface: seen.interface };
    throw new LabError(
      'usage',
      'both-sides',
      `${url} is tried from a client, and the server's own side needs no URL`,
      'Give either the URL, or --server-side, --server-config and --host-rules.',
    );
  }
  if (seen.seenAt !== undefined || seen.interface !== undefined)
    throw new LabError(
      'usage',
      'option-not-applicable',
      `${seen.seenAt === undefined ? '--interface' : '--seen-at'} works only on the server's own side`,
      'Add --server-side, or --server-config FILE.',
    );
  return undefined;
}

/** Parses an IPv4 address. */
function ipv4(text: string): string {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text))
    throw new InvalidArgumentError('It must be an IPv4 address, such as 203.0.113.9.');
  return text;
}
