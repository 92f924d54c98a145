import { type Command, InvalidArgumentError, Option } from 'commander';
import ipaddr from 'ipaddr.js';
import { LabError } from '../../errors.ts';
import { type TransferMode, transferModes } from '../../model/attempt.ts';
import { mostPorts, probeName, usualCount, usualPatience } from '../../model/spared-server.ts';
import { serverNames } from '../../network/topology.ts';
import type { Context } from '../context.ts';
import { addJsonOption, checkDocuments } from '../options/documents.ts';
import { positiveInteger } from '../options/positive-integer.ts';
import { collect } from '../options/uploads.ts';
import { passwordVariable } from '../password.ts';

interface DiagnoseOptions {
  readonly mode?: TransferMode[];
  readonly patience?: number;
  readonly ports?: true;
  readonly count?: number;
  readonly json?: string;
  readonly serverSide?: true;
  readonly serverConfig?: string;
  readonly hostRules?: string;
  readonly seenAt?: string;
  readonly interface?: string;
}

const mostPatience = 300;

/** What is about the client's side. */
const notHere = ['mode', 'patience', 'ports', 'count'];

const help = `
The command asks for the password, or takes it from the environment variable ${passwordVariable}.
It talks to the host of the URL and to nobody else. It logs in, lists, uploads two probe files under new names
(${probeName}...), reads one back and removes them; nothing else is written, read or removed.
Exit status: 0 if every tried mode uploads, 1 if one does not or a probe file could not be removed.

With --ports it transfers nothing and opens no data connection: it asks for passive ports, ten times a second at most,
and says which range they are from. SERVER may then also be one of the lab's (${serverNames().join(', ')}), asked from a
client in the lab. Exit status: 0 if the server announced ports, 1 if it announced none or the lab stopped early.

With --server-side it runs on the server's own machine, without a URL: it reads the FTP server's configuration, the
rules in force (as root) or those of --host-rules, sockets, addresses and kernel modules; it changes nothing, sends
nothing and asks for no password. Files of another machine do too: --server-config FILE --host-rules FILE without
--server-side. Exit status: 0 if everything was looked at and breaks nothing, 1 if something breaks uploads or was not
to be found out.`;

/** `diagnose`: the lab's attempt against a server outside it; with `--ports`, which ports a server uses for data. */
export function addDiagnose(program: Command, context: Context): void {
  const command = program
    .command('diagnose')
    .description(
      'try the uploads against a server of yours, or look at it from its own side: what fails, and which scenarios fail the same way',
    )
    .argument('[server]', 'ftp://user@host[:port][/folder]')
    .option(
      '--mode <mode>',
      `only this transfer mode (may be given again): ${transferModes.join(', ')}`,
      collect('transfer mode', transferModes),
    )
    .option(
      '--patience <seconds>',
      `how long to wait for each answer (default: ${usualPatience})`,
      atMost(mostPatience),
    )
    .addOption(
      new Option(
        '--ports',
        'only ask for passive ports many times, to find the range they come from',
      ).conflicts(['mode', 'patience']),
    )
    .option(
      '--count <n>',
      `with --ports, how many to ask for, at most ${mostPorts} (default: ${usualCount})`,
      atMost(mostPorts),
    )
    .optionsGroup("The server's own side:")
    .addOption(
      new Option('--server-side', "look at this machine, which is the server's own").conflicts(notHere),
    )
    .addOption(
      new Option(
        '--server-config <file>',
        "the FTP server's configuration (default with --server-side: the one of this machine)",
      ).conflicts(notHere),
    )
    .addOption(
      new Option(
        '--host-rules <file>',
        "what iptables-save printed on the server's machine; - is standard input (default: the rules in force)",
      ).conflicts(notHere),
    )
    .addOption(
      new Option('--seen-at <address>', 'the IPv4 address that clients call')
        .argParser(ipv4)
        .conflicts(notHere),
    )
    .addOption(
      new Option(
        '--interface <name>',
        "the interface of the server's machine that clients come in by (default: the only one)",
      ).conflicts(notHere),
    )
    .optionsGroup('Options:')
    .addHelpText('after', help)
    .action(async (server: string | undefined, options: DiagnoseOptions) => {
      await checkDocuments({ json: options.json });
      const { serverSide, serverConfig, hostRules, seenAt } = options;
      const files = serverConfig !== undefined || hostRules !== undefined;
      if (serverSide || files) {
        if (server !== undefined)
          throw new LabError(
            'usage',
            'both-sides',
            `${server} is tried from a client, and the server's own side needs no URL`,
            'Give either the URL, or --server-side, --server-config and --host-rules.',
          );
        const { showServerSide } = await import('../show-server-side.ts');
        const request = { here: serverSide === true, config: serverConfig, rules: hostRules, seenAt };
        return showServerSide({ ...request, interface: options.interface }, options.json, context);
      }
      if (seenAt !== undefined || options.interface !== undefined)
        throw new LabError(
          'usage',
          'option-not-applicable',
          `${seenAt === undefined ? '--interface' : '--seen-at'} works only on the server's own side`,
          'Add --server-side, or --server-config FILE.',
        );
      if (server === undefined) return command.error("error: missing required argument 'server'");
      if (options.ports) return (await import('../show-ports.ts')).showPorts(server, options, context);
      if (options.count !== undefined)
        throw new LabError(
          'usage',
          'option-not-applicable',
          '--count works only with --ports',
          'Leave it out.',
        );
      const { showDiagnosis } = await import('../show-diagnosis.ts');
      return showDiagnosis(server, options, context);
    });
  addJsonOption(command);
}

/** Parses an IPv4 address. */
function ipv4(text: string): string {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text))
    throw new InvalidArgumentError('It must be an IPv4 address, such as 203.0.113.9.');
  return text;
}

/** Parses a whole number from 1 to `most`. */
function atMost(most: number): (text: string) => number {
  return (text) => {
    const value = positiveInteger(text);
    if (value > most) throw new InvalidArgumentError(`It must be at most ${most}.`);
    return value;
  };
}
