import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../../lab/errors.ts';
import { type TransferMode, transferModes } from '../../lab/model/attempt.ts';
import type { CellResult } from '../../lab/model/cell.ts';
import type { Lab } from '../../lab/trial/lab.ts';
import { readRulesFile } from '../../lab/trial/rules-file.ts';
import { attemptAll } from '../../lab/trial/run-scenarios.ts';
import type { Answer, Result } from './compare.ts';
import type { Entry } from './entry.ts';
import { clientBehind, corpusFolder, corpusNetwork } from './network.ts';

/** The transfer modes that an entry is tried in; all of them if it is to be refused. */
export function modesOf({ expected }: Entry): TransferMode[] {
  return 'refused' in expected ? [...transferModes] : transferModes.filter((mode) => expected[mode]);
}

/** Tries an entry's file as `ftplab try` does: reads it, loads it, makes the attempts. Never throws. */
export async function tryEntry(lab: Lab, entry: Entry): Promise<Result> {
  const { firewall = 'isa-y', server = 'vsftpd', ipset, text } = entry;
  const folder = text && (await mkdtemp(join(tmpdir(), 'ftplab-truth-')));
  try {
    let path = join(corpusFolder, entry.file ?? '');
    if (folder) {
      path = join(folder, `${entry.name}.rules`);
      await writeFile(path, text());
    }
    const file = await readRulesFile(path, firewall, {
      own: corpusNetwork,
      addressesKnown: true,
      ...(ipset !== undefined && { ipset: join(corpusFolder, ipset) }),
    });
    await lab.load(file.rules(lab.plan));
    const wanted = modesOf(entry).map((mode) => ({
      key: { client: clientBehind[firewall], server, mode },
    }));
    return { kind: 'answers', answers: answersOf(await attemptAll(lab, wanted)) };
  } catch (error) {
    if (!(error instanceof LabError) || error.kind !== 'usage')
      return { kind: 'error', message: error instanceof Error ? error.message : String(error) };
    return { kind: 'refusal', message: [error.message, error.hint ?? ''].join(' ').trim() };
  } finally {
    if (folder) await rm(folder, { recursive: true });
  }
}

function answersOf(cells: readonly CellResult[]): Map<TransferMode, Answer> {
  return new Map(cells.map(({ mode, verdict }) => [mode, verdict]));
}
