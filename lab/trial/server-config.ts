/* Finds and reads the configuration of an FTP server, whichever daemon it is for. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runningDaemons } from '../attempt/server-machine.ts';
import { LabError } from '../errors.ts';
import type { AboutFile } from '../model/origin.ts';
import { readProftpd } from '../verdict/server-side/read-proftpd.ts';
import {
  readPureFtpdCommand,
  readPureFtpdFile,
  readPureFtpdFolder,
} from '../verdict/server-side/read-pure-ftpd.ts';
import { readVsftpd } from '../verdict/server-side/read-vsftpd.ts';
import type { ConfigFile, FtpService } from '../verdict/server-side/service.ts';
import { sha256Of } from './load-module.ts';

/** A configuration, and the files that it was read from. */
export interface ServerConfig {
  readonly service: FtpService;
  readonly files: readonly AboutFile[];
}

/** Where distributions keep configurations, by the name of the daemon's process. */
const usual: Readonly<Record<string, readonly string[]>> = {
  vsftpd: ['/etc/vsftpd.conf', '/etc/vsftpd/vsftpd.conf'],
  proftpd: ['/etc/proftpd/proftpd.conf', '/etc/proftpd.conf'],
  'pure-ftpd': ['/etc/pure-ftpd/conf', '/etc/pure-ftpd/pure-ftpd.conf', '/etc/pure-ftpd.conf'],
};

/**
 * The configuration's place on this machine: of the daemon that runs, or the only one there. `undefined` if there is none. Throws
 * LabError `which-server` if there are several.
 */
export function findServerConfig(): string | undefined {
  const running = runningDaemons(Object.keys(usual));
  const candidates = (running.length > 0 ? running : Object.keys(usual)).flatMap(
    (name) => (usual[name] ?? []).find((path) => existsSync(path)) ?? [],
  );
  if (candidates.length > 1)
    throw new LabError(
      'usage',
      'which-server',
      `There are configurations of several FTP servers: ${candidates.join(', ')}`,
      'Name one: --server-config FILE.',
    );
  return candidates[0];
}

/**
 * Reads a configuration. `follow`: whether the files that it includes are this machine's too. Throws LabError `file-unreadable`, or
 * `server-config-unknown` for a file of no daemon that the lab knows.
 */
export function readServerConfig(path: string, follow: boolean): ServerConfig {
  const files: AboutFile[] = [];
  const read = (file: string): ConfigFile => {
    const bytes = bytesOf(file);
    files.push({ path: file, sha256: sha256Of(bytes) });
    return { path: file, text: bytes.toString('utf8') };
  };
  return { service: serviceIn(path, read, follow), files };
}

function serviceIn(path: string, read: (file: string) => ConfigFile, follow: boolean): FtpService {
  if (existsSync(path) && statSync(path).isDirectory()) {
    const options = namesIn(path).filter((name) => /^[A-Z]\w*$/.test(name));
    if (options.length === 0) throw unknown(path);
    return readPureFtpdFolder(
      path,
      options.map((name) => read(join(path, name))),
    );
  }
  const file = read(path);
  const { text } = file;
  if (/^\s*[a-z][a-z_0-9]+=/m.test(text)) return readVsftpd(file);
  if (/^\S*pure-ftpd\s|^-\w/.test(text)) return readPureFtpdCommand(file);
  if (
    /^\s*(?:ChrootEveryone|PassivePortRange|ForcePassiveIP|MaxClientsNumber|BrokenClientsCompatibility|NoAnonymous)\s/m.test(
      text,
    )
  )
    return readPureFtpdFile(file);
  if (
    /^\s*(?:ServerName|ServerType|DefaultServer|DefaultRoot|PassivePorts|MasqueradeAddress|UseIPv6|Include|TLSEngine)\s/im.test(
      text,
    )
  )
    return readProftpd(file, (pattern) => (follow ? included(pattern, read) : null));
  throw unknown(path);
}

/** The files of ProFTPD's Include: a file, a folder, or a pattern in the last part of the path. */
function included(pattern: string, read: (file: string) => ConfigFile): ConfigFile[] | null {
  try {
    if (existsSync(pattern))
      return statSync(pattern).isDirectory()
        ? namesIn(pattern).map((name) => read(join(pattern, name)))
        : [read(pattern)];
    const name = basename(pattern);
    if (!/[*?]/.test(name) || /[*?]/.test(dirname(pattern))) return null;
    const matching = new RegExp(
      `^${name
        .replace(/[.+^$()|{}[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    );
    return namesIn(dirname(pattern))
      .filter((each) => matching.test(each))
      .map((each) => read(join(dirname(pattern), each)));
  } catch {
    return null;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): LabError {
  const { code } = cause as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT'
      ? 'does not exist'
      : code === 'EACCES'
        ? 'may not be read by you'
        : `cannot be read (${code})`;
  return new LabError(
    'usage',
    'file-unreadable',
    `${file} ${why}`,
    code === 'EACCES' ? 'Run this as root (sudo), or give a copy that you may read.' : undefined,
    { cause },
  );
}

function unknown(path: string): LabError {
  return new LabError(
    'usage',
    'server-config-unknown',
    `${path} is no configuration of vsftpd, ProFTPD or Pure-FTPd`,
    'Expected vsftpd.conf, proftpd.conf, pure-ftpd.conf, the folder /etc/pure-ftpd/conf, or a file with the command line of pure-ftpd.',
  );
}
