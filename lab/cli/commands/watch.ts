import { appendFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import type { ClientName, FirewallName } from '../../network/topology.ts';
import { type Round, watched, watchedJson } from '../../report/text/watched.ts';
import type { Lab } from '../../trial/lab.ts';
import { withFile } from '../../trial/load-module.ts';
import { attemptAll } from '../../trial/run-scenarios.ts';
import type { Context } from '../context.ts';
import { Interrupted } from '../interruption.ts';
import { notesOn } from '../notes-on.ts';
import { checkDocuments, writeDocument } from '../options/documents.ts';
import {
  addOwnRulesOptions,
  fileHelp,
  type OwnRules,
  type OwnRulesOptions,
  readOwnRules,
} from '../options/own-rules.ts';
import { reportError } from '../report-error.ts';
import { Saves } from '../saves.ts';
import { checkControls } from '../try-both.ts';
import { withLab } from '../with-lab.ts';

interface WatchOptions extends OwnRulesOptions {
  readonly keep?: true;
  readonly json?: string;
}

const help = `${fileHelp}

The cells are those of one client, which is enough for a firewall's rules and takes less than a second: y-server, or
x-workstation for isa-x; --client, --server and --mode choose others. With --json each round,
and each save that does not load, is a line. Ctrl-C ends it and takes the lab down: status 0.`;

/** `watch`: one's own rules, tried again on each save. */
export function addWatch(program: Command, context: Context): void {
  const command = program
    .command('watch')
    .description('try the uploads under your own rules again each time you save them')
    .argument('<file>', 'a rule set in TypeScript, or an iptables-save file');
  addOwnRulesOptions(command)
    .option('--keep', 'leave the lab up')
    .option('--json <file>', 'write each round as a line of JSON; - is standard output')
    .addHelpText('after', help)
    .action(async (path: string, options: WatchOptions) => {
      const first = await readOwnRules(path, options, usualClients);
      const { own, attempts } = first;
      const conditions = { own, ...(options.keep && { keep: options.keep }) };
      const end = AbortSignal.any([context.interruption.signal, context.output.unread]);
      const { json } = options;
      await checkDocuments(json === undefined ? {} : { json });
      if (json !== undefined) await writeDocument('json', json, '', context.output);
      const screen = new Screen(context, json);
      try {
        await withLab(context, conditions, async (work) => {
          // So that a file that does not load leaves rules under which nothing passes.
          await checkControls(work, attempts, context);
          await using saves = await Saves.of(first.file.files ?? [path]);
          let read = async () => first;
          while (!end.aborted) {
            const round = new AbortController();
            const saved = saves.next(end).finally(() => round.abort());
            saved.catch(() => undefined); // the loop's condition tells
            work.live.waitFor(`Trying ${path}`);
            await tryOnce(path, read, work.lab, { screen, saves, signal: round.signal });
            work.live.waitFor(`Watching ${path}; Ctrl-C ends`);
            await saved.catch(() => undefined);
            read = () => readOwnRules(path, options, usualClients);
          }
        });
      } catch (error) {
        if (!screen.begun || !(error instanceof Interrupted)) throw error;
      }
      context.endsByInterruption = true;
    });
}

function usualClients(firewall: FirewallName): readonly ClientName[] {
  return [firewall === 'isa-x' ? 'x-workstation' : 'y-server'];
}

interface Surroundings {
  readonly screen: Screen;
  readonly saves: Saves;
  /** Aborts when the file is saved again. */
  readonly signal: AbortSignal;
}

/** Reads the file, loads it, makes the attempts and shows what they came to, or what is wrong with the file. */
async function tryOnce(
  path: string,
  read: () => Promise<OwnRules>,
  lab: Lab,
  { screen, saves, signal }: Surroundings,
): Promise<void> {
  const start = performance.now();
  try {
    const { file, attempts } = await read();
    saves.add(file.files ?? []);
    const loading = await lab
      .load(file.rules(lab.plan))
      .catch((error) => Promise.reject(withFile(error, path)));
    const wanted = attempts.map((key) => ({ key }));
    const cells = await attemptAll(lab, wanted, { signal });
    await screen.show({
      cells,
      notes: notesOn(file, lab, loading),
      ms: performance.now() - start,
      at: new Date(),
    });
  } catch (error) {
    if (signal.aborted) return; // it was saved again meanwhile
    if (!(error instanceof LabError) || error.kind !== 'usage') throw error;
    await screen.refuse(error, performance.now() - start);
  }
}

/** The last round and what changed by it; on a terminal in place of what was there, else below it. */
class Screen {
  readonly #context: Context;
  #last: Round | undefined;
  #before: Round | undefined;
  /** Whether anything was shown. */
  begun = false;

  constructor(
    context: Context,
    /** Where each round goes as a line of JSON; `-` is standard output, which then carries nothing else. */
    readonly json: string | undefined,
  ) {
    this.#context = context;
  }

  async show(round: Round): Promise<void> {
    this.#before = this.#last;
    this.#last = round;
    this.#draw(watched(round, this.#before, [], this.#context.output.style));
    await this.#write(watchedJson(round.at, round, this.#before, null));
  }

  async refuse(error: LabError, ms: number): Promise<void> {
    const { lines } = reportError(error, false);
    if (this.#last === undefined) this.#draw(lines.join('\n'));
    else {
      const told = [...lines, 'What was before:'];
      this.#draw(watched(this.#last, this.#before, told, this.#context.output.style));
    }
    await this.#write(watchedJson(new Date(), { cells: [], notes: [], ms }, undefined, error));
  }

  #draw(text: string): void {
    const { output } = this.#context;
    this.begun = true;
    if (this.json === '-') return;
    if (output.isTerminal) output.document('\x1b[2J\x1b[H');
    output.result(`${text}\n`);
  }

  async #write(line: string): Promise<void> {
    if (this.json === '-') this.#context.output.document(line);
    else if (this.json !== undefined) await appendFile(this.json, line);
  }
}
