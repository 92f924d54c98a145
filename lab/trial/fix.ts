import { LabError } from '../errors.ts';
import { list } from '../list.ts';
import { called } from '../model/names.ts';
import { headed } from '../model/origin.ts';
import type { FixResult } from '../model/result/fix.ts';
import { noOwnAddresses, type OwnAddresses } from '../network/own-addresses.ts';
import {
  clientNames,
  guardOf,
  isDecidedAt,
  isGateway,
  type RulesPlace,
  serverNames,
} from '../network/topology.ts';
import { type FileRules, isOfFile } from '../policy/compile.ts';
import { attemptsAcross } from './attempts-across.ts';
import { demanded, withoutRepeats } from './demanded.ts';
import { type Conditions, inLab } from './in-lab.ts';
import { mendFile } from './mend-file.ts';
import { neededCells } from './needed-cells.ts';
import { originIn } from './origin-of.ts';
import { type NamedRules, type RulesOptions, readRules, refuseBoth } from './read-rules.ts';
import { loadAndRequireControls, type Telling } from './under-rules.ts';

export interface FixRequest extends RulesOptions, Conditions, Telling {
  /**
   * What has to upload, as {@link neededCells} takes it. Default: in the passive modes, between the clients and servers that
   * have addresses of production; if none has, from one client of the subnet to vsftpd, and to a server whose own firewall the file is of
   * from anybody.
   */
  readonly need?: readonly string[] | undefined;
  /** What must not upload, as {@link neededCells} takes it. Default: nothing. */
  readonly forbid?: readonly string[] | undefined;
}

/**
 * Finds the smallest additions to a file of iptables-save or nft under which the needed uploads work, and proves them: every upload that
 * crosses the firewall is tried before and after, and what gets through is measured. Nothing is deleted or moved. Throws LabError
 * `not-a-file` for a rule set, `no-match` for a need that does not cross the firewall alone, `run-void` if a control fails; or the
 * signal's reason.
 */
export async function fix(path: string, request: FixRequest = {}): Promise<FixResult> {
  const { need, forbid, own = noOwnAddresses, names, onNote } = request;
  const call = (host: string) => called(host, names);
  const [rules] = await readRules([path], request);
  if (!rules) throw new Error('A source is rules');
  const file = fileOf(rules);
  const { firewall } = file;
  const host = isGateway(firewall) ? null : firewall;
  const needed = need === undefined ? usualNeed(firewall, own) : [...neededCells(need, names, host).values()];
  const elsewhere = needed.find(({ client, server }) => !isDecidedAt(firewall, client, server));
  if (elsewhere || needed.length === 0)
    throw new LabError(
      'usage',
      'no-match',
      `The way from ${call(elsewhere?.client ?? '')} to ${call(elsewhere?.server ?? '')} ${host === null ? 'does not cross' : 'neither begins nor ends at'} ${call(firewall)}${host === null ? ' alone' : ''}, so a patch of its file cannot be proven there`,
      'Name other uploads by --need, or another place by --on.',
    );
  const forbidden = demanded({ forbid, need, names }, firewall);
  const attempts = withoutRepeats([...attemptsAcross({ only: firewall }), ...needed, ...forbidden.attempts]);
  const anybody = clientNames().filter((client) => !guardOf(client) && !(client in own.addresses));
  const unnamed = [...new Set(needed.flatMap(({ client, server }) => [client, server]))].filter(
    (host) => !(host in own.addresses) && !anybody.some((client) => client === host),
  );
  if (unnamed.length > 0)
    onNote?.(
      path,
      `The patch names the lab's addresses of ${list(unnamed.map(call))}. Give those of your hosts: ${unnamed.map((host) => `--host ${call(host)}=ADDRESS`).join(' ')}.`,
    );
  const { result } = await inLab(request, async (lab) => {
    await loadAndRequireControls(lab, [rules], attempts, request);
    const mended = await mendFile(
      lab,
      { path, rules: file, anybody },
      { need: needed, forbid: forbidden.forbid },
      attempts,
      request,
    );
    return { ...headed('fix', originIn(lab, [rules])), ...mended };
  });
  return result;
}

function fileOf({ word, rules }: NamedRules): FileRules {
  if (isOfFile(rules)) {
    refuseBoth('"ftplab fix"', [{ word, rules }]);
    return rules;
  }
  throw new LabError(
    'usage',
    'not-a-file',
    `${word} is a rule set, and a patch is for a file of iptables-save or nft`,
    '"ftplab recommend" finds the rule set that exposes the fewest ports.',
  );
}

function isOneOf(place: RulesPlace, names: readonly string[]): boolean {
  return names.includes(place);
}

function usualNeed(firewall: RulesPlace, { addresses }: OwnAddresses) {
  const known = <Name extends string>(names: readonly Name[]) => names.filter((name) => name in addresses);
  const [clients, servers] = [known(clientNames()), known(serverNames())];
  const own = { client: isOneOf(firewall, clientNames()), server: isOneOf(firewall, serverNames()) };
  const outsiders = clientNames().filter((client) => client !== firewall && guardOf(client) === undefined);
  const insiders = clientNames().filter((client) => guardOf(client) === firewall);
  const usual = (own.server ? outsiders : insiders).slice(0, 1);
  const called = serverNames().find((server) =>
    usual.some((client) => isDecidedAt(firewall, client, server)),
  );
  return attemptsAcross({
    clients: own.client && !own.server ? [firewall] : clients.length > 0 ? clients : usual,
    servers: own.server ? [firewall] : servers.length > 0 ? servers : called === undefined ? [] : [called],
    modes: ['pasv', 'epsv'],
    only: firewall,
  });
}
