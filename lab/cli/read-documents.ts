import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LabError } from '../errors.ts';
import type { NamedRun } from '../model/merge-runs.ts';
import { readResults } from '../model/result/read.ts';
import type { Result } from '../model/result/result.ts';
import { networkFrom } from '../network/network.ts';
import { chooseNetwork, shippedNetwork } from '../network/topology.ts';
import { withPcaps } from './options/pcap.ts';

/** A result, and the file that it was read from. */
export interface NamedResult {
  readonly file: string;
  readonly result: Result;
}

/** The results in a file, whose network becomes the one that this process is about. Throws LabError `another-network` if it is about another, and LabError `usage` if it cannot be read or holds something else. */
export async function readDocuments(file: string): Promise<NamedResult[]> {
  try {
    const results = readResults(file, await readFile(file, 'utf8'));
    for (const { network } of results) chooseNetwork(network ? networkFrom(network) : shippedNetwork);
    return results.map((result) => ({
      file,
      result: result.kind === 'run' ? withPcaps(result, (pcap) => resolve(dirname(file), pcap)) : result,
    }));
  } catch (error) {
    if (error instanceof LabError || !(error instanceof Error)) throw error;
    throw new LabError('usage', 'unreadable', `${file} cannot be read: ${error.message}`, undefined, {
      cause: error,
    });
  }
}

/** The one run in a file. Throws LabError `no-run` besides what {@link readDocuments} throws. */
export async function readRun(file: string): Promise<NamedRun> {
  const [only, more] = await readDocuments(file);
  if (only?.result.kind === 'run' && !more) return { file, run: only.result };
  throw new LabError(
    'usage',
    'no-run',
    `${file} does not hold one run`,
    '"ftplab run --json FILE" writes such a file.',
  );
}
