/* What reading a file of rules comes to, and what every such file is refused for, in whichever language it is. */
import { LabError } from '../errors.ts';
import type { Attempt } from '../model/cell.ts';
import type { Names } from '../model/names.ts';
import type { AboutFile } from '../model/origin.ts';
import type { RulesNote } from '../model/result/note.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import type { OwnAddresses } from '../network/own-addresses.ts';
import {
  isGateway,
  type LegName,
  legsOf,
  outsideOf,
  placeOf,
  type RulesPlace,
  type SubnetName,
} from '../network/topology.ts';
import type { Rules } from '../policy/compile.ts';
import type { NftRuleset } from '../policy/nft/listing.ts';
import type { Doubt } from '../policy/whole-truth.ts';

/** The rules of a user's file. */
export interface RulesFile {
  readonly rules: Rules;
  /** Notes on the rules for the reader of the verdicts, one sentence each. */
  readonly notes: (lab: Noted, attempts?: readonly Ends[]) => RulesNote[];
  /** Throws LabError for nft rules in force that cannot be answered for. Absent for other rules. */
  readonly refuse?: (nft: NftRuleset) => void;
  /** Every file that was read. */
  readonly files?: readonly AboutFile[];
}

/** What notes are about: where hosts have which addresses, and what they are called. */
export interface Noted {
  readonly plan: AddressPlan;
  readonly names?: Names;
  readonly inForce?: { readonly nft?: NftRuleset } | undefined;
}

/** Who uploads to whom, and by which version of IP. */
export type Ends = Pick<Attempt, 'client' | 'server' | 'ipv6'>;

/** Options for a file of rules. */
export interface Surroundings {
  /** A file with the output of `ipset save`. */
  readonly ipset?: string | undefined;
  readonly own?: OwnAddresses | undefined;
  /** Go on with a file that may not hold all that decides. Default false. */
  readonly asIs?: boolean | undefined;
}

/** Whether both ends of every upload have their production addresses, of the version of IP that it is made by. */
export function endsKnown(attempts: readonly Ends[], { addresses, addresses6 = {} }: OwnAddresses): boolean {
  return (
    attempts.length > 0 &&
    attempts.every(({ client, server, ipv6 }) => {
      const own = ipv6 ? addresses6 : addresses;
      return own[client] !== undefined && own[server] !== undefined;
    })
  );
}

/** A doubt that the user goes on with. */
export function doubtful({ message, save }: Doubt): RulesNote {
  return { kind: 'doubtful', text: `DOUBTFUL: ${message}. ${save}` };
}

/** Throws LabError `not-the-whole-truth` for a file that may not hold all that decides. */
export function refuseDoubtful(file: string, [doubt]: readonly Doubt[]): void {
  if (!doubt) return;
  throw new LabError(
    'usage',
    'not-the-whole-truth',
    `${file} cannot be trusted as it is: ${doubt.message}`,
    `${doubt.save} "--as-is" goes on all the same.`,
  );
}

/** The names of a place's interfaces, and the legs for which the user has not given one. */
export function interfacesOfPlace(
  place: RulesPlace,
  own: OwnAddresses,
): { readonly known: readonly string[]; readonly missing: readonly (readonly [LegName, SubnetName])[] } {
  const legs = isGateway(place) ? Object.entries(legsOf(place)) : [['eth0', placeOf(place)] as const];
  const given = namesGiven(place, own);
  return {
    known: legs.map(([leg]) => given[leg] ?? leg),
    missing: legs.flatMap(([leg, { subnet }]) => (given[leg] === undefined ? [[leg, subnet] as const] : [])),
  };
}

/** That a file names interfaces, the first at `from`, and the user has not said which of them matter. */
export function interfacesUnsaid(
  file: string,
  foreign: readonly string[],
  from: string | undefined,
  place: RulesPlace,
  missing: readonly (readonly [LegName, SubnetName])[],
): LabError {
  return new LabError(
    'usage',
    'interfaces-unsaid',
    `${file} names the interfaces ${foreign.join(', ')}${from === undefined ? '' : ` (from ${from})`}, and the lab does not know which of them uploads pass through`,
    `Name ${isGateway(place) && Object.keys(legsOf(place)).length > 1 ? 'each' : 'the one towards the network'}: ${missing.map(([leg, subnet]) => optionFor(place, leg, subnet)).join(' ')}.`,
  );
}

/** How the command line names one of a place's interfaces. */
function optionFor(place: RulesPlace, leg: LegName, subnet: SubnetName): string {
  if (!isGateway(place)) return '--interface NAME';
  if (Object.keys(legsOf(place)).length > 2) return `--interface NAME=${subnet}`;
  return leg === outsideOf(place) ? '--outside NAME' : '--inside NAME';
}

/** What the user calls the interfaces of a place, by leg; a host's one is `eth0`. */
function namesGiven(
  place: RulesPlace,
  { interfaces, hostInterfaces }: OwnAddresses,
): Readonly<Record<string, string>> {
  if (isGateway(place)) return interfaces[place] ?? {};
  const own = hostInterfaces?.[place];
  return own === undefined ? {} : { eth0: own };
}
