import type { Behaviour } from './behaviour.ts';
import { dataCommands } from './data-commands.ts';
import { greetings } from './greetings.ts';
import { logins } from './logins.ts';
import { transfers } from './transfers.ts';

/** Every way in which the hostile server is hostile. */
export const behaviours: readonly Behaviour[] = [...greetings, ...logins, ...dataCommands, ...transfers];
