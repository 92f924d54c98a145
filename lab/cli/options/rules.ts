import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import { oneHostOf } from '../../model/names.ts';
import { endNames, isGateway, rulesPlaces, usualFirewall } from '../../network/topology.ts';
import type { RulesOptions } from '../../trial/read-rules.ts';
import type { Context } from '../context.ts';
import { collectNamed, type Named } from './names.ts';
import { addOldOption } from './old-spellings.ts';
import { type AddressOptions, addAddressOptions, ownAddressesOf } from './own-addresses.ts';

/** What the help of every command with rules says about them. */
export const rulesHelp = `
RULES is the name of a shipped rule set ("ftplab run --list" shows them), or your own file: a rule set in TypeScript
(.ts, .mts, .js, .mjs), loaded on every firewall; or any other file, or - for standard input, as the output of iptables-save
or nft list ruleset, loaded on one firewall (--on, default isa-y), or on a client or server, whose own firewall it then is (--on vsftpd).
A machine that has rules of iptables, of ip6tables and nft tables, or two of these: gw.rules+gw6.rules+gw.nft.

A file from production is loaded unchanged. These options give the lab production's interface names, ranges and
addresses; --interface names any interface by its subnet. What the lab still lacks is listed with line numbers, and whether it can matter.
  --inside eth1 --outside ppp0=203.0.113.5 (or: --interface eth1=y --interface ppp0=external=203.0.113.5)
  --subnet y=10.1.2.0/24 --subnet external=203.0.113.0/24
  --host y-server=10.1.2.15 --host vsftpd=203.0.113.77 --ipset sets.save`;

/** The options for files from production. */
export interface RulesFileOptions extends AddressOptions {
  readonly on?: string;
  readonly ipset?: string;
  readonly host?: Named[];
  readonly asIs?: true;
}

/** Adds the options for files from production to a command. */
export function addRulesOptions(command: Command): Command {
  command
    .optionsGroup('Rules from production:')
    .option(
      '--on <place>',
      'where a file of iptables-save or nft stands: a firewall, client or server (default: "isa-y")',
    );
  addAddressOptions(command)
    .option('--host <name=address>', 'the address of a client or server (may be given again)', collectNamed)
    .option('--ipset <file>', 'the ipsets that the rules refer to: the output of "ipset save"')
    .option('--as-is', 'use a file even if it may lack a part of what decides');
  return addOldOption(command, '--firewall <name>', (name) => `--on ${name}`).optionsGroup('Options:');
}

/**
 * A command's argument for rules, or what the configuration has in its place. Throws CommanderError, after printing the message, if there is
 * neither; `argument`: its name.
 */
export function givenRules(
  command: Command,
  argument: string,
  given: string | undefined,
  configured: string | undefined,
): string {
  return (
    given ??
    configured ??
    command.error(`error: missing required argument '${argument}'`, { code: 'commander.missingArgument' })
  );
}

/** The options that belong to the rules. Throws LabError `usage` for an unknown firewall or host, or a malformed address. */
export function rulesOptionsOf(
  { on, ipset, host = [], asIs, ...addresses }: RulesFileOptions,
  { names, configured }: Pick<Context, 'names' | 'configured'>,
): RulesOptions {
  const firewall =
    on === undefined ? undefined : oneHostOf('firewall, client or server', on, rulesPlaces(), names);
  for (const { name, value } of host) {
    oneHostOf('client or server', name, endNames(), names);
    if (value === undefined)
      throw new LabError(
        'usage',
        'address-missing',
        `--host ${name} has no address`,
        `Write --host ${name}=ADDRESS.`,
      );
  }
  const place = firewall ?? usualFirewall();
  // A configuration may be for another place than the one that the command line names.
  const elsewhere = (place === undefined || isGateway(place) ? [] : ['inside', 'outside']).filter((name) =>
    configured.includes(name),
  );
  const here = Object.fromEntries(Object.entries(addresses).filter(([name]) => !elsewhere.includes(name)));
  const { inside, outside, interface: own } = addresses;
  const asked = { on, ipset, inside, outside, interface: own };
  const forFiles = Object.entries(asked).filter(([, value]) => value !== undefined);
  return {
    on: firewall,
    ipset,
    asIs,
    ifAnyFile: forFiles.every(([name]) => configured.includes(name)),
    own: ownAddressesOf(here, host, place, names),
  };
}
