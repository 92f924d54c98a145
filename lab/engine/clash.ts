import { LabError, type Progress } from '../errors.ts';
import { type AddressPlan, addressPlan, firstOverlap, rangeOf, slotCount } from '../network/address-plan.ts';
import { noOwnAddresses, type OwnAddresses, ownSubnets, withOwnAddresses } from '../network/own-addresses.ts';
import { subnetNames } from '../network/topology.ts';
import type { Engine, Occupied } from './engine.ts';
import { lacksIPv6 } from './ipv6.ts';

/** One of a lab's subnets that covers an address in use. */
export interface Clash {
  readonly subnet: string;
  readonly occupied: Occupied;
}

/** The first clash of a lab's subnets with what is in use, or `undefined`. */
export function firstClash(subnets: readonly string[], occupied: readonly Occupied[]): Clash | undefined {
  for (const range of occupied) {
    const overlap = firstOverlap(subnets, [range.cidr]);
    if (overlap !== undefined) return { subnet: overlap[0], occupied: range };
  }
  return undefined;
}

/** What {@link choosePlan} may be told. */
export interface ChoiceOptions {
  readonly progress?: Progress;
  /** Addresses for the lab, whatever its slot. */
  readonly own?: OwnAddresses;
  /** Slots that were tried and clashed. */
  readonly except?: ReadonlySet<number>;
}

/**
 * The addresses for a lab: those of its slot if it exists; otherwise of the first slot whose ranges nobody uses; `own`
 * ones replace the slot's. Says through `progress` what clashed. Throws LabError `address-clash`
 * if all slots clash, `subnet-clash` for a range of one's own, and what {@link withOwnAddresses} throws.
 */
export async function choosePlan(
  engine: Engine,
  name: string,
  options: ChoiceOptions = {},
): Promise<AddressPlan> {
  const { own = noOwnAddresses } = options;
  const existing = (await engine.labs()).find((lab) => lab.name === name);
  const standing = existing?.networks.flatMap(({ cidrs }) => cidrs) ?? [];
  const former = existing === undefined ? undefined : slotOf(name, existing.slot);
  const occupied = await engine.occupied(name);
  const clashOf = (subnets: readonly string[]) =>
    firstClash(
      subnets.filter((cidr) => !standing.includes(cidr)),
      occupied,
    );
  refuseOwnClash(own, clashOf);
  let first: Clash | undefined;
  for (const slot of slotsFrom(former)) {
    if (options.except?.has(slot)) continue;
    const plan = addressPlan(slot);
    const subnets = ownSubnets(plan, own);
    const clash = clashOf(Object.values(subnets)) ?? overlapWithOwn(plan, own);
    if (clash === undefined) {
      if (slot !== (former ?? 0))
        options.progress?.(
          `${first === undefined ? 'Other ranges were taken meanwhile' : describe(first)}; using ${Object.values(subnets).join(', ')} (slot ${slot})`,
        );
      return { ...withOwnAddresses(plan, own), ...(lacksIPv6() && { ipv6: false as const }) };
    }
    first ??= clash;
  }
  throw new LabError(
    'environment',
    'address-clash',
    `No free range of addresses for lab ${name}: ${first === undefined ? 'all slots were tried' : describe(first)}`,
    'Take other labs down ("ftplab status", "ftplab down --all"), or remove the route or network that is in the way.',
  );
}

/** All slots, the lab's own first. */
function slotsFrom(own: number | undefined): number[] {
  const all = Array.from({ length: slotCount }, (_, slot) => slot);
  return own === undefined ? all : [own, ...all.filter((slot) => slot !== own)];
}

/** Ranges that somebody asked for are not changed: the lab cannot have them. */
function refuseOwnClash(
  { subnets }: OwnAddresses,
  clashOf: (subnets: readonly string[]) => Clash | undefined,
): void {
  for (const [name, cidr] of Object.entries(subnets)) {
    const clash = clashOf([cidr]);
    if (clash === undefined) continue;
    throw new LabError(
      'environment',
      'subnet-clash',
      `Subnet ${name} cannot have ${cidr}: that clashes with ${clash.occupied.by} (${clash.occupied.cidr})`,
      'Remove what is in the way, or run the lab on a machine that does not use those addresses.',
    );
  }
}

/** A clash of one of the slot's ranges with a range that the user asked for. */
function overlapWithOwn(plan: AddressPlan, { subnets }: OwnAddresses): Clash | undefined {
  const slots = subnetNames()
    .filter((name) => subnets[name] === undefined)
    .map((name) => rangeOf(plan, name));
  const asked = Object.entries(subnets).map(([name, cidr]) => ({ cidr, by: `subnet ${name}` }));
  return firstClash(slots, asked);
}

/** One sentence for people, without its full stop. */
export function describe({ subnet, occupied }: Clash): string {
  return `${subnet} clashes with ${occupied.by} (${occupied.cidr})`;
}

function slotOf(name: string, slot: number | null): number {
  if (slot !== null && Number.isInteger(slot) && slot >= 0 && slot < slotCount) return slot;
  throw new LabError(
    'environment',
    'unknown-slot',
    `Lab ${name} exists, but its labels name an unknown slot (${slot})`,
    `Take it down first: ftplab down --name ${name}`,
  );
}
