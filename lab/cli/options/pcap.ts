import { constants } from 'node:fs';
import { access, mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import { idCalled, type Names } from '../../model/names.ts';
import type { RunResult } from '../../model/run-result.ts';
import type { AttemptSettings } from '../../trial/lab.ts';
import { writeOutput } from './output-file.ts';

export interface PcapOptions {
  /** A folder. */
  readonly pcap?: string | undefined;
}

export function addPcapOption(command: Command): Command {
  return command.option(
    '--pcap <folder>',
    "capture each cell's packets on both sides of each firewall for Wireshark, one file per cell",
  );
}

/**
 * Writes captures into a folder, which is created if necessary: `as-reported_y-server_vsftpd_pasv.pcapng`, with a
 * number if a cell is attempted again; `names`: what hosts are called. Records each absolute path. Throws LabError `usage` if the folder is not
 * writable.
 */
export async function captureWriter(
  folder: string,
  names: Names,
): Promise<NonNullable<AttemptSettings['onCapture']>> {
  try {
    // Without its parents: below /proc Node would retry forever.
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    // Also fails if it is not a folder.
    await readdir(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `--pcap cannot write to ${folder}: ${why}`;
    throw new LabError('usage', 'pcap-not-writable', message, undefined, { cause: error });
  }
  const written = new Map<string, number>();
  return async (id, file) => {
    const times = (written.get(id) ?? 0) + 1;
    written.set(id, times);
    const name = `${idCalled(id, names).replaceAll('/', '_')}${times > 1 ? `-${times}` : ''}.pcapng`;
    const path = resolve(folder, name);
    await writeOutput('pcap', path, file);
    return path;
  };
}

/** The run with other paths to its captures. */
export function withPcaps(run: RunResult, pathOf: (pcap: string) => string): RunResult {
  return {
    ...run,
    cells: run.cells.map((cell) => (cell.pcap === undefined ? cell : { ...cell, pcap: pathOf(cell.pcap) })),
  };
}
