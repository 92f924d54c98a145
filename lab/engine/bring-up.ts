import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import { type AddressPlan, slotCount } from '../network/address-plan.ts';
import type { OwnAddresses } from '../network/own-addresses.ts';
import { type ChoiceOptions, choosePlan } from './clash.ts';
import type { Engine, UpOptions, UpResult } from './engine.ts';
import { stateFolder } from './lab-lock.ts';

/** A lab that is up: its addresses, where its stack was written, and what `up` had to do. */
export interface BroughtUp {
  readonly plan: AddressPlan;
  readonly stackFile: string;
  readonly result: UpResult;
}

/** How a lab is brought up. */
export interface BringUpOptions extends UpOptions {
  /** Addresses for the lab in place of those of its slot. */
  readonly own?: OwnAddresses;
}

const slotsTried = 10;

/**
 * Brings the lab of the report up under a name: chooses its addresses, synthesizes the stack into the lab's state folder
 * and has the engine converge to that file. If another lab takes the same addresses at the same moment, it goes on to the
 * next free ones. Call it with the lab's lock held. Throws LabError as {@link Engine.up} and {@link choosePlan} do.
 */
export async function bringUp(
  engine: Engine,
  name: string,
  options: BringUpOptions = {},
): Promise<BroughtUp> {
  const tried = new Set<number>();
  for (;;) {
    const { plan, stackFile } = await synthesizeFor(engine, name, { ...options, except: tried });
    try {
      return { plan, stackFile, result: await engine.up(stackFile, options) };
    } catch (error) {
      const clash = error instanceof LabError && error.code === 'address-clash';
      const stands = clash && (await engine.labs()).some((lab) => lab.name === name);
      if (!clash || stands || tried.size + 1 >= Math.min(slotsTried, slotCount)) throw error;
      tried.add(plan.slot);
      await delay(Math.random() * 200); // so that two labs that block each other do not try again in step
    }
  }
}

/** The lab's addresses, as {@link choosePlan} has them, and its stack written into the lab's state folder. */
export async function synthesizeFor(
  engine: Engine,
  name: string,
  options: ChoiceOptions = {},
): Promise<Pick<BroughtUp, 'plan' | 'stackFile'>> {
  // cdktf takes 0.3 s to load, so it is loaded only to synthesize.
  const { synthesize } = await import('../stack/synthesize.ts');
  const plan = await choosePlan(engine, name, options);
  return { plan, stackFile: synthesize(name, plan, stateFolder(name)) };
}
