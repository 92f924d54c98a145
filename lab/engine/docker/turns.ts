/**
 * Lets tasks that share a key run one after another, in the order in which they were given, and others at the same time.
 *
 * Containers leave a network in turns: if two leave at once, Docker (at least 20.10 to 24) may miscount the network's
 * endpoints, and then refuses to remove it until the daemon is restarted (https://github.com/moby/moby/issues/43286).
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `task` when all earlier tasks with one of the keys have ended, well or not. Settles as the task does. */
  take<T>(keys: Iterable<string>, task: () => Promise<T>): Promise<T> {
    const own = [...keys];
    const earlier = own.map((key) => this.#last.get(key));
    const turn = Promise.allSettled(earlier).then(task);
    for (const key of own) this.#last.set(key, turn);
    turn.catch(() => {}); // the caller of that task gets its error; the next task runs anyway
    return turn;
  }
}
