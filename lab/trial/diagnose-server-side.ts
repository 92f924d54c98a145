import { lookAtMachine, rulesInForce, tablesBeside } from '../attempt/server-machine.ts';
import { LabError } from '../errors.ts';
import { type AboutFile, headed } from '../model/origin.ts';
import type { ServerDiagnosisResult } from '../model/result/server-diagnosis.ts';
import type { SavedFile } from '../policy/iptables-save.ts';
import { type Doubt, doubtsAbout } from '../policy/whole-truth.ts';
import type { ServerSide } from '../verdict/server-side/host-facts.ts';
import { serverDiagnosisOf } from '../verdict/server-side/server-diagnosis.ts';
import { originOf } from './origin-of.ts';
import { savedIn } from './read-saved.ts';
import { findServerConfig, readServerConfig, type ServerConfig } from './server-config.ts';
import { textOf } from './text-of.ts';

/** What to look at on the server's side. */
export interface ServerSideRequest {
  /** Whether the server runs on this machine, which is then looked at too; if not, the files are another one's. */
  readonly here: boolean;
  /** The server's configuration. Default: that of this machine's FTP server, if `here`. */
  readonly config?: string | undefined;
  /** An iptables-save file of the server's own machine, `-` for standard input. Default: the rules in force, if `here` and root asks. */
  readonly rules?: string | undefined;
  /** The IPv4 address that clients call. Default: not known. */
  readonly seenAt?: string | undefined;
  /** The interface that clients come in by. Default: the only one, if `here`. */
  readonly interface?: string | undefined;
}

/**
 * Looks at an FTP server from its own side: its configuration, its machine's own rules, sockets and addresses. Changes nothing and
 * sends nothing. Throws LabError `usage` for files that cannot be read or are something else.
 */
export async function diagnoseServerSide(request: ServerSideRequest): Promise<ServerDiagnosisResult> {
  const { here, seenAt = null } = request;
  const machine = here ? lookAtMachine() : null;
  const config = configOf(request);
  const rules = await rulesOf(request);
  const [only, ...more] = machine?.interfaces ?? [];
  const side: ServerSide = {
    service: 'why' in config ? config : config.service,
    rules: rules.found,
    machine,
    seenAt,
    through: request.interface ?? (more.length === 0 ? (only ?? null) : null),
    unread: [
      ...(here ? [] : ['the machine itself: sockets, addresses, kernel modules (--server-side, run there)']),
    ],
  };
  const files = [...('why' in config ? [] : config.files), ...rules.files];
  return { ...headed('server-diagnosis', originOf(null, [{ files }])), ...serverDiagnosisOf(side) };
}

/** A file that the user names has to be readable; of one that was only found, the reader of the result is told. */
function configOf({ here, config }: ServerSideRequest): ServerConfig | { readonly why: string } {
  if (config !== undefined) return readServerConfig(config, here);
  if (!here) return { why: 'no file of it was given' };
  const found = findServerConfig();
  if (found === undefined) return { why: 'there is none at its usual places' };
  try {
    return readServerConfig(found, here);
  } catch (error) {
    if (error instanceof LabError && error.code === 'file-unreadable') return { why: error.message };
    throw error;
  }
}

interface RulesRead {
  readonly found: ServerSide['rules'];
  readonly files: readonly AboutFile[];
}

async function rulesOf({ here, rules }: ServerSideRequest): Promise<RulesRead> {
  if (rules === undefined)
    return { found: here ? await rulesHere() : { why: 'no file of them was given' }, files: [] };
  const { text, about } = await textOf(rules, 'It should contain the output of iptables-save.');
  const saved = savedIn(about.path, text);
  const doubts = seriousDoubts(saved);
  if (doubts.length > 0)
    throw new LabError(
      'usage',
      'not-the-whole-truth',
      `${about.path} cannot be trusted as it is: ${doubts.map(({ message }) => message).join('; ')}`,
      doubts[0]?.save,
    );
  return { found: { file: about.path, tables: saved.tables, beside: [] }, files: [about] };
}

async function rulesHere(): Promise<ServerSide['rules']> {
  const file = 'iptables-save';
  const inForce = await rulesInForce();
  if ('why' in inForce) return inForce;
  const beside = await tablesBeside();
  if (inForce.text.trim() === '') return { file, tables: [], beside };
  const saved = savedIn(file, inForce.text);
  const [doubt] = seriousDoubts(saved);
  return doubt ? { why: doubt.message } : { file, tables: saved.tables, beside };
}

/** A host without any rule is nothing to doubt: many have none. */
function seriousDoubts(saved: SavedFile): Doubt[] {
  return doubtsAbout(saved, 'vsftpd').filter(({ code }) => code !== 'no-rules');
}
