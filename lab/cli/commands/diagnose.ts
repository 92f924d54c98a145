import { type Command, Option } from 'commander';
import { LabError } from '../../errors.ts';
import { type TransferMode, transferModes } from '../../model/attempt.ts';
import { mostPorts, probeName, usualCount, usualPatience } from '../../model/spared-server.ts';
import { serverNames } from '../../network/topology.ts';
import type { Context } from '../context.ts';
import { addJsonOption, checkDocuments } from '../options/documents.ts';
import { atMost } from '../options/positive-integer.ts';
import { addServerSideOptions, type ServerSideOptions, serverSideOf } from '../options/server-side.ts';
import { collect } from '../options/uploads.ts';
import { passwordVariable } from '../password.ts';

interface DiagnoseOptions extends ServerSideOptions {
  readonly mode?: TransferMode[];
  readonly patience?: number;
  readonly ipv4?: true;
  readonly ipv6?: true;
  readonly ports?: true;
  readonly count?: number;
  readonly json?: string;
}

const mostPatience = 300;

const help = `
The command asks for the password, or takes it from the environment variable ${passwordVariable}.
It talks to the host of the URL and to nobody else, by IPv4 and by IPv6 if it has both. It logs in, lists, uploads two probe files under new names
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
    .option('--ipv4', 'only by IPv4 (default: by both, if the server and this machine have both)')
    .option('--ipv6', 'only by IPv6')
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
    .addHelpText('after', help)
    .action(async (server: string | undefined, options: DiagnoseOptions) => {
      await checkDocuments({ json: options.json });
      const ownSide = serverSideOf(server, options);
      if (ownSide)
        return (await import('../show-server-side.ts')).showServerSide(ownSide, options.json, context);
      if (server === undefined) return command.error("error: missing required argument 'server'");
      if (options.ports) return (await import('../show-ports.ts')).showPorts(server, options, context);
      if (options.count !== undefined)
        throw new LabError(
          'usage',
          'option-not-applicable',
          '--count works only with --ports',
          'Leave it out.',
        );
      return (await import('../show-diagnosis.ts')).showDiagnosis(server, options, context);
    });
  addJsonOption(addServerSideOptions(command));
}
