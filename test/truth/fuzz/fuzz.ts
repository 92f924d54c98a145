import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../../../lab/engine/engine.ts';
import { LabError } from '../../../lab/errors.ts';
import type { CellResult, Verdict } from '../../../lab/model/cell.ts';
import { addressOf, legAddress } from '../../../lab/network/address-plan.ts';
import type { Lab } from '../../../lab/trial/lab.ts';
import { readRulesFile } from '../../../lab/trial/rules-file.ts';
import type { CorpusNetwork } from '../network.ts';
import { Captures } from './packets.ts';
import { Random } from './random.ts';
import { type RandomFile, randomFile } from './rule-file.ts';
import { type Finding, type Testimony, Witness } from './witness.ts';

/** What a random file came to. */
export type Compared =
  /** iptables, or the lab, does not take the file. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'agreed'; readonly finding: Finding }
  /** The lab says that it has no proof. */
  | { readonly kind: 'undecided'; readonly testimony: Testimony; readonly verdict: Verdict }
  /** The captures show nothing that the verdict could be held against. */
  | { readonly kind: 'unwitnessed'; readonly testimony: Testimony; readonly verdict: Verdict }
  | {
      readonly kind: 'disagreed';
      readonly why: string;
      readonly testimony: Testimony;
      readonly verdict: Verdict;
    }
  /** No verdict came: an error, or none within the time. */
  | { readonly kind: 'failed'; readonly message: string };

/** Codes that are true of what the witness found. */
const causesOf: Record<Exclude<Finding, 'unclear'>, readonly Verdict['cause'][]> = {
  none: ['none'],
  'control-dropped': ['control-dropped'],
  'control-refused': ['control-refused'],
  'line-stopped': ['command-refused-by-firewall', 'control-idle-cut'],
  'login-denied': ['login-denied'],
  'port-command-refused': ['port-command-refused'],
  'command-refused-by-server': ['command-refused-by-server'],
  'stored-elsewhere': ['content-mismatch'],
  'address-refused': ['pasv-address-rejected-by-client', 'pasv-address-unroutable'],
  'data-dropped': ['data-dropped', 'pasv-address-unroutable'],
  'data-refused': ['data-refused'],
  'transfer-stopped': ['stalled-mid-transfer', 'control-idle-cut'],
};

/** Comments of rules with matches that drop a packet themselves (hotdrop, xt_connlimit.c), before the rule counts it. */
function uncounted(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /-m (connlimit|hashlimit)\b/.test(line))
    .flatMap((line) => /--comment "([^"]*)"/.exec(line)?.[1] ?? []);
}

/** How long an attempt may take, in milliseconds. */
const longest = 120_000;

/** Where random files are tried. */
export interface FuzzLab {
  readonly lab: Lab;
  readonly engine: Engine;
  readonly network: CorpusNetwork;
}

/** Holds the lab's verdicts on random files against captures, one file after another. */
export class Fuzz implements AsyncDisposable {
  readonly #captures: Captures;

  static async start(at: FuzzLab): Promise<Fuzz> {
    const interfaces = { inside: 'eth1', outside: 'ppp0' };
    return new Fuzz(at, await Captures.start(at.engine, { lab: at.lab.name, host: 'isa-y' }, interfaces));
  }

  private constructor(
    readonly at: FuzzLab,
    captures: Captures,
  ) {
    this.#captures = captures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#captures[Symbol.asyncDispose]();
  }

  /** The file of a number: the same for the same number. */
  static file(number: number): RandomFile {
    return randomFile(new Random(number));
  }

  async try({ text, mode }: RandomFile): Promise<Compared> {
    const { lab, network } = this.at;
    const folder = await mkdtemp(join(tmpdir(), 'ftplab-fuzz-'));
    try {
      const path = join(folder, 'fuzz.rules');
      await writeFile(path, network.here(text));
      const file = await readRulesFile(path, 'isa-y', { own: network.own, asIs: true });
      await lab.load(file.rules);
    } catch (error) {
      if (error instanceof LabError && error.kind === 'usage')
        return { kind: 'refused', message: network.asWritten(error.message) };
      throw error;
    } finally {
      await rm(folder, { recursive: true });
    }
    this.#captures.clear();
    const enough = new AbortController();
    const cell = await Promise.race([
      lab.attempt({ client: 'y-server', server: 'vsftpd', mode }).catch((error) => String(error)),
      delay(longest, `no verdict within ${longest / 1000} s`, { signal: enough.signal }).catch(() => ''),
    ]);
    enough.abort();
    if (typeof cell === 'string') return { kind: 'failed', message: cell };
    await this.#captures.settle();
    return this.#compare(cell, [...(await this.#movedRules()), ...uncounted(text)]);
  }

  #compare({ verdict, evidence }: CellResult, moved: readonly string[]): Compared {
    const { plan } = this.at.lab;
    const own = [legAddress(plan, 'isa-y', 'outside'), this.at.network.here('198.19.79.250'), '172.31.0.1'];
    const parties = { client: addressOf(plan, 'y-server'), server: addressOf(plan, 'vsftpd') };
    const step = verdict.failedAt as Parameters<Witness['testify']>[0];
    const started = Date.parse(evidence?.startedAt ?? '');
    const from = started + (step === null ? 0 : (evidence?.stepStarts[step] ?? 0)) - 2;
    // Of two attempts, the second a closer look, the verdict is about the last one.
    const packets = this.#captures.packets.filter(({ at }) => at >= started - 2);
    const testimony = new Witness(packets, parties, own).testify(step, from);
    if (verdict.cause === 'inconclusive') return { kind: 'undecided', testimony, verdict };
    const { finding } = testimony;
    if (finding === 'unclear') return { kind: 'unwitnessed', testimony, verdict };
    if (!causesOf[finding].includes(verdict.cause))
      return {
        kind: 'disagreed',
        why: `${verdict.cause}, and the captures show ${finding}`,
        testimony,
        verdict,
      };
    if (verdict.rule !== null && verdict.firewall === 'isa-y' && !moved.includes(verdict.rule))
      return {
        kind: 'disagreed',
        why: `no packet met "${verdict.rule}", by its counter`,
        testimony,
        verdict,
      };
    return { kind: 'agreed', finding };
  }

  /** Comments, texts and policies of what any packet met since loading. */
  async #movedRules(): Promise<string[]> {
    const { engine, lab } = this.at;
    const { stdout } = await engine.run({ lab: lab.name, host: 'isa-y' }, ['iptables-save', '-c']);
    return stdout.split('\n').flatMap((line) => {
      const [, chain, policy, policyCount] = /^:(\S+) (\S+) \[(\d+):/.exec(line) ?? [];
      if (chain !== undefined) return Number(policyCount) > 0 ? [`policy ${chain} ${policy}`] : [];
      const [, count, text = ''] = /^\[(\d+):\d+\] (.*)$/.exec(line) ?? [];
      if (count === undefined || Number(count) === 0) return [];
      const [, quoted, bare] = /--comment (?:"([^"]*)"|(\S+))/.exec(text) ?? [];
      return [quoted ?? bare ?? text];
    });
  }
}
