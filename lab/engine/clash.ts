import { LabError, type Progress } from '../errors.ts';
import { type AddressPlan, addressPlan, firstOverlap, slotCount } from '../network/address-plan.ts';
import type { Engine } from './find-engine.ts';
import { occupiedRanges } from './occupied.ts';
import { status } from './status.ts';

/** A range of addresses that is in use, and by what, as people call it. */
export interface Occupied {
  /** IPv4 CIDR or a bare address. */
  readonly cidr: string;
  readonly by: string;
}

/** One of the plan's subnets that covers an address in use. */
export interface Clash {
  readonly subnet: string;
  readonly occupied: Occupied;
}

/** The first clash of a plan with what is in use, or `undefined`. */
export function firstClash(plan: AddressPlan, occupied: readonly Occupied[]): Clash | undefined {
  for (const range of occupied) {
    const overlap = firstOverlap(Object.values(plan.subnets), [range.cidr]);
    if (overlap !== undefined) return { subnet: overlap[0], occupied: range };
  }
  return undefined;
}

/** What {@link choosePlan} may be told. */
export interface ChoiceOptions {
  readonly progress?: Progress;
  /** Slots that have been tried in vain. */
  readonly except?: ReadonlySet<number>;
}

/**
 * The addresses for a lab: those it has where it exists; otherwise the first slot whose ranges are in nobody's use. Says
 * through `progress` what clashed. Throws LabError `address-clash` where all slots clash.
 */
export async function choosePlan(
  engine: Engine,
  name: string,
  options: ChoiceOptions = {},
): Promise<AddressPlan> {
  const existing = (await status(engine)).find((lab) => lab.name === name);
  if (existing !== undefined) return existingPlan(name, existing.slot);
  const occupied = await occupiedRanges(engine);
  let first: Clash | undefined;
  for (let slot = 0; slot < slotCount; slot++) {
    if (options.except?.has(slot)) continue;
    const plan = addressPlan(slot);
    const clash = firstClash(plan, occupied);
    if (clash === undefined) {
      if (slot > 0)
        options.progress?.(
          `${first === undefined ? 'Other ranges were taken meanwhile' : describe(first)}; using ${Object.values(plan.subnets).join(', ')} (slot ${slot})`,
        );
      return plan;
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

/** One sentence for people, without its full stop. */
export function describe({ subnet, occupied }: Clash): string {
  return `${subnet} clashes with ${occupied.by} (${occupied.cidr})`;
}

function existingPlan(name: string, slot: number | null): AddressPlan {
  if (slot !== null && Number.isInteger(slot) && slot >= 0 && slot < slotCount) return addressPlan(slot);
  throw new LabError(
    'environment',
    'unknown-slot',
    `Lab ${name} exists, but its labels name no slot that there is (${slot})`,
    `Take it down first: ftplab down --name ${name}`,
  );
}
