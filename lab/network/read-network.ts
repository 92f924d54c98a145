import { misshapenText } from '../misshapen.ts';
import { networkDefinition } from './definition.ts';
import { malformed, type Network, networkFrom } from './network.ts';

/** A network from a value that a user's module exported. Throws LabError `network-malformed`, which says what is wrong with it. */
export function networkOf(value: unknown): Network {
  const parsed = networkDefinition.safeParse(value);
  if (!parsed.success) throw malformed(misshapenText(parsed.error, value, 'the network'), parsed.error);
  return networkFrom(parsed.data);
}
