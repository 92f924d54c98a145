import type { Command } from 'commander';
import { LabError } from '../errors.ts';
import { isAble } from '../ftp/abilities.ts';
import { transferModes } from '../ftp/attempt.ts';
import {
  allServerNames,
  clientNames,
  type FirewallName,
  firewallNames,
  firewallsBetween,
  serverNames,
} from '../network/topology.ts';
import { attemptAll, runControls } from '../run-scenarios.ts';
import { type Attempt, cellId } from '../verdict/cell.ts';
import { conduct } from './conduct.ts';
import { type Context, oneOf } from './context.ts';
import { addDocumentOptions, type DocumentFiles } from './documents.ts';
import { addDriverOptions, type DriverOptions, programsOf, refuseUnable } from './drivers.ts';
import { statusOfRun } from './exit-status.ts';
import { withFile } from './load-module.ts';
import { readRulesFile } from './rules-file.ts';

interface TryOptions extends DocumentFiles, DriverOptions {
  readonly firewall?: string;
  readonly client?: string[];
  readonly server?: string[];
  readonly mode?: string[];
  readonly keep?: true;
}

const fileHelp = `
FILE is a rule set in TypeScript (.ts, .mts, .js, .mjs) whose default export is a rule set of isa-ftp-lab, in
force on both firewalls; or any other file, as iptables-save prints it, in force on one firewall: the cells are
then those whose way leads through that firewall alone.
A blocked upload is an answer: the exit status is 0 when every cell could be decided, 1 when one could not.`;

/** `try`: one's own rules, without expectations. */
export function addTry(program: Command, context: Context): void {
  const command = program
    .command('try')
    .description('try the same uploads under your own rules')
    .argument('<file>', 'a rule set in TypeScript, or an iptables-save file')
    .option('--firewall <name>', 'which firewall an iptables-save file is for (default: "isa-y")')
    .option('--client <name>', 'only from this client (may be given again)', collect)
    .option('--server <name>', 'only to this server (may be given again)', collect)
    .option('--mode <mode>', 'only in this transfer mode (may be given again)', collect)
    .option('--keep', 'leave the lab up')
    .addHelpText('after', fileHelp)
    .action(async (file: string, options: TryOptions) => {
      const firewall = oneOf('firewall', options.firewall ?? 'isa-y', firewallNames);
      const filters = filtersOf(options);
      const rulesFile = await readRulesFile(file, firewall);
      if (options.firewall !== undefined && rulesFile.firewall === null)
        throw new LabError(
          'usage',
          'firewall-not-applicable',
          `--firewall ${firewall} does not go with ${file}: a rule set speaks for both firewalls`,
          'Leave --firewall out, or choose cells by --client and --server.',
        );
      const attempts = attemptsOf(filters, rulesFile.firewall);
      const questions = new Map([[rulesFile.name, `what do the rules of ${file} let through?`]]);
      const note = (text: string) => context.output.message(`note: ${text}`);
      const planned = attempts.map((key) => {
        return { ruleSet: rulesFile.name, id: cellId({ ...key, ruleSet: rulesFile.name }) };
      });
      const run = await conduct(
        context,
        { ...options, questions, staged: new Set(), planned },
        async (lab, work) => {
          const rules = rulesFile.rules(lab.plan);
          for (const text of rulesFile.notes(lab.plan)) note(text);
          // Once before the controls, so that rules that do not load are known at once; once to stay.
          await lab.load(rules).catch((error) => Promise.reject(withFile(error, file)));
          const invalid = await runControls(lab, attempts, work);
          await lab.load(rules);
          if (lab.remembers)
            note(
              'the rules depend on time, count or chance, so uploads are tried one by one, and may influence each other',
            );
          const wanted = attempts.map((key) => ({ key }));
          return { cells: await attemptAll(lab, wanted, work), void: invalid, skipped: [] };
        },
      );
      context.status = statusOfRun(run);
    });
  addDriverOptions(command);
  addDocumentOptions(command);
}

function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

type Filters = ReturnType<typeof filtersOf>;

function filtersOf({ client, server, mode, driver, tls }: TryOptions) {
  const modes = mode?.map((name) => oneOf('transfer mode', name, transferModes));
  const options = { ...(driver ? { driver } : {}), ...(tls ? { tls } : {}) };
  refuseUnable(options, modes);
  return {
    ...programsOf(options),
    clients: client?.map((name) => oneOf('client', name, clientNames)) ?? clientNames,
    servers: server?.map((name) => oneOf('server', name, allServerNames)) ?? serverNames,
    modes: modes ?? transferModes,
  };
}

/** Every attempt that crosses a firewall; with `only`, those that cross that one and no other. */
function attemptsOf(filters: Filters, only: FirewallName | null): Attempt[] {
  const { clients, servers, modes, drivers, tls } = filters;
  const attempts = clients.flatMap((client) =>
    servers.flatMap((server) => {
      const crossed = firewallsBetween(client, server);
      const wanted = only === null ? crossed.length > 0 : crossed.join() === only;
      if (!wanted) return [];
      return drivers.flatMap((driver) =>
        modes.flatMap((mode) => (isAble(driver, mode, tls) ? [{ client, server, mode, driver, tls }] : [])),
      );
    }),
  );
  if (attempts.length > 0) return attempts;
  throw new LabError(
    'usage',
    'nothing-to-try',
    `No way from ${clients.join(', ')} to ${servers.join(', ')} crosses ${only === null ? 'a firewall' : `${only} alone`}`,
    'Leave --client or --server out, or choose another --firewall.',
  );
}
