import { EventEmitter, once } from 'node:events';
import { type FSWatcher, watch } from 'chokidar';

/**
 * How long a file must be left alone before it counts as saved, in milliseconds: editors write in pieces, or replace
 * the file.
 */
const settled = 30;

/** How often the files are checked, in milliseconds. */
const lookEvery = 100;

/** Reports saves of some files, however an editor saves. */
export class Saves implements AsyncDisposable {
  readonly #watcher: FSWatcher;
  readonly #saves = new EventEmitter<{ saved: [] }>();
  #timer: NodeJS.Timeout | undefined;
  #unseen = false;

  /** Resolves when saves are noticed from now on. */
  static async of(files: readonly string[]): Promise<Saves> {
    const saves = new Saves(files);
    await new Promise<void>((resolve) => saves.#watcher.once('ready', () => resolve()));
    return saves;
  }

  private constructor(files: readonly string[]) {
    // By path: a watch on a file is lost for a moment if an editor replaces the file.
    this.#watcher = watch([...files], { ignoreInitial: true, usePolling: true, interval: lookEvery });
    this.#watcher.on('all', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#unseen = true;
        this.#saves.emit('saved');
      }, settled);
    });
  }

  /** Watches these files too. */
  add(files: readonly string[]): void {
    this.#watcher.add([...files]);
  }

  /** Resolves after the next save, or at once if there was one since the last call. Rejects when `signal` aborts. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#unseen) await once(this.#saves, 'saved', { signal });
    this.#unseen = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher.close();
  }
}
