import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import { everyHost } from '../../exposure/lines.ts';
import { firewallNames } from '../../network/topology.ts';
import { oneOf } from '../../one-of.ts';
import type { RulesOptions } from '../../trial/read-rules.ts';
import { addOldOption } from './old-spellings.ts';
import {
  type AddressOptions,
  addAddressOptions,
  collectNamed,
  type Named,
  ownAddressesOf,
} from './own-addresses.ts';

/** What the help of every command about rules says of them. */
export const rulesHelp = `
RULES is a shipped rule set by its name ("ftplab run --list" shows them), or a file of yours: a rule set in TypeScript
(.ts, .mts, .js, .mjs), in force on both firewalls; or any other file, as iptables-save prints it, in force on one
(--on, else isa-y).

A file from production stays as it is. The lab takes on what production has: its interfaces' names, its ranges, the
addresses that the rules name. What the lab lacks all the same is listed with its lines, and whether it can matter.
  --inside eth1 --outside ppp0=203.0.113.5 --subnet y=10.1.2.0/24 --subnet external=203.0.113.0/24
  --host y-server=10.1.2.15 --host vsftpd=203.0.113.77 --ipset sets.save`;

/** What commands about rules are told of files from production. */
export interface RulesFileOptions extends AddressOptions {
  readonly on?: string;
  readonly ipset?: string;
  readonly host?: Named[];
  readonly asIs?: true;
}

/** Gives a command the options about files from production. */
export function addRulesOptions(command: Command): Command {
  command
    .optionsGroup('Rules from production:')
    .option('--on <firewall>', 'which firewall an iptables-save file is for (default: "isa-y")');
  addAddressOptions(command)
    .option('--host <name=address>', 'the address of a client or server (may be given again)', collectNamed)
    .option('--ipset <file>', 'the sets that the rules refer to, as ipset save prints them')
    .option('--as-is', 'go on with a file that may not hold all that decides');
  return addOldOption(command, '--firewall <name>', (name) => `--on ${name}`).optionsGroup('Options:');
}

/** What goes with the rules. Throws LabError `usage` for what is no firewall, host or address. */
export function rulesOptionsOf({ on, ipset, host = [], asIs, ...addresses }: RulesFileOptions): RulesOptions {
  const firewall = on === undefined ? undefined : oneOf('firewall', on, firewallNames);
  for (const { name, value } of host) {
    oneOf('client or server', name, everyHost);
    if (value === undefined)
      throw new LabError(
        'usage',
        'address-missing',
        `--host ${name} has no address`,
        `Write --host ${name}=ADDRESS.`,
      );
  }
  return { on: firewall, ipset, asIs, own: ownAddressesOf(addresses, host, firewall ?? 'isa-y') };
}
