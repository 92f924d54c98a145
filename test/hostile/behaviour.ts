import type { TransferMode } from '../../lab/model/attempt.ts';
import type { Act } from './server.ts';

/** One way in which a server is hostile, broken, or odd but within its rights. */
export interface Behaviour {
  /** Unique. */
  readonly name: string;
  /** What it does as a client connects. Default: it says `220 ready`. */
  readonly greeting?: Act;
  /** What it does at a command, by verb; `any` is for those without an entry. */
  readonly on?: Readonly<Record<string, Act>>;
  /** The transfer mode to try it in. Default: `pasv`. */
  readonly mode?: TransferMode;
  /** How the deciding step fails by `diagnose`; `uploaded` for one that is harmless all the same, `any` if it may vary. */
  readonly finds: string;
  /** What the sentence about it says besides. */
  readonly says?: RegExp;
}
