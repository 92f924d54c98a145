import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../../lab/errors.ts';
import { type TransferMode, transferModes } from '../../lab/model/attempt.ts';
import type { Lab } from '../../lab/trial/lab.ts';
import { readRulesFile } from '../../lab/trial/rules-file.ts';
import { attemptAll } from '../../lab/trial/run-scenarios.ts';
import type { Result } from './compare.ts';
import type { Entry } from './entry.ts';
import { type CorpusNetwork, clientBehind, corpusFolder } from './network.ts';

/** The transfer modes that an entry is tried in; all of them if it is to be refused. */
export function modesOf({ expected }: Entry): TransferMode[] {
  return 'refused' in expected ? [...transferModes] : transferModes.filter((mode) => expected[mode]);
}

/**
 * Tries an entry's file as `ftplab try` does: reads it, loads it, makes the attempts. Never throws. `patience`: how long clients
 * wait for each answer, in milliseconds; default: until the trace shows that they wait in vain.
 */
export async function tryEntry(
  lab: Lab,
  entry: Entry,
  network: CorpusNetwork,
  patience?: number,
): Promise<Result> {
  const {
    firewall = 'isa-y',
    client = clientBehind[firewall] ?? 'y-server',
    server = 'vsftpd',
    ipv6,
  } = entry;
  try {
    await loadEntry(lab, entry, network);
    const wanted = modesOf(entry).map((mode) => ({
      key: { client, server, mode, ...(ipv6 && { ipv6 }) },
    }));
    const cells = await attemptAll(lab, wanted, { patience });
    return { kind: 'answers', answers: new Map(cells.map(({ mode, verdict }) => [mode, verdict])) };
  } catch (error) {
    const { message, hint = '' } = error as LabError;
    const said = network.asWritten(`${message} ${hint}`.trim());
    const refused = error instanceof LabError && error.kind === 'usage';
    return { kind: refused ? 'refusal' : 'error', message: said };
  }
}

/** Puts an entry's file in force. Throws as `ftplab try` does. */
export async function loadEntry(lab: Lab, entry: Entry, network: CorpusNetwork): Promise<void> {
  const { firewall = 'isa-y', asIs } = entry;
  const folder = await mkdtemp(join(tmpdir(), 'ftplab-truth-'));
  try {
    const { rules, sets } = await filesOf(entry, folder, network);
    const file = await readRulesFile(rules, firewall, { own: network.own, ipset: sets, asIs });
    await lab.load(file.rules);
    const { nft } = lab.inForce ?? {};
    if (nft) file.refuse?.(nft);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** An entry's files with the network's addresses, in a folder. */
async function filesOf({ name, file, text, ipset }: Entry, folder: string, network: CorpusNetwork) {
  const put = async (ending: string, content: string) => {
    const path = join(folder, `${name}.${ending}`);
    await writeFile(path, network.here(content));
    return path;
  };
  const read = (path: string) => readFile(join(corpusFolder, path), 'utf8');
  return {
    rules: await put('rules', text ? text() : await read(file ?? '')),
    sets: ipset === undefined ? undefined : await put('ipset', await read(ipset)),
  };
}
