import { lookAtMachine, rulesInForce } from '../attempt/server-machine.ts';
import { LabError } from '../errors.ts';
import { type AboutFile, headed } from '../model/origin.ts';
import type { ServerDiagnosisResult } from '../model/result/server-diagnosis.ts';
import type { SavedFile } from '../policy/iptables-save.ts';
import { type Doubt, doubtsAbout } from '../policy/whole-truth.ts';
import type { ServerSide } from '../verdict/server-side/host-facts.ts';
import { serverDiagnosisOf } from '../verdict/server-side/server-diagnosis.ts';
import { originOf } from './origin-of.ts';
import { savedIn, textOf } from './rules-file.ts';
import { findServerConfig, readServerConfig, type ServerConfig } from './server-config.ts';

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
    service: config?.service ?? null,
    rules: rules.found,
    machine,
    seenAt,
    through: request.interface ?? (more.length === 0 ? (only ?? null) : null),
    unread: [
      ...rules.unread,
      ...(here ? [] : ['the machine itself: sockets, addresses, kernel modules (--server-side, run there)']),
    ],
  };
  const files = [...(config?.files ?? []), ...rules.files];
  return { ...headed('server-diagnosis', originOf(null, [{ files }])), ...serverDiagnosisOf(side) };
}

function configOf({ here, config }: ServerSideRequest): ServerConfig | undefined {
  const path = config ?? (here ? findServerConfig() : undefined);
  return path === undefined ? undefined : readServerConfig(path, here);
}

interface RulesRead {
  readonly found: ServerSide['rules'];
  readonly files: readonly AboutFile[];
  /** What the reader of the findings should know of them, a phrase each. */
  readonly unread: readonly string[];
}

async function rulesOf({ here, rules }: ServerSideRequest): Promise<RulesRead> {
  if (rules !== undefined) {
    const { text, about } = await textOf(rules, 'It should contain the output of iptables-save.');
    const saved = savedIn(about.path, text);
    const [doubt, ...others] = seriousDoubts(saved);
    if (doubt)
      throw new LabError(
        'usage',
        'not-the-whole-truth',
        `${about.path} cannot be trusted as it is: ${[doubt, ...others].map(({ message }) => message).join('; ')}`,
        doubt.save,
      );
    return { found: { file: about.path, tables: saved.tables }, files: [about], unread: [] };
  }
  if (!here) return { found: null, files: [], unread: [] };
  const inForce = await rulesInForce();
  const file = 'iptables-save';
  if ('why' in inForce) return { found: null, files: [], unread: [`the rules in force: ${inForce.why}`] };
  if (inForce.text.trim() === '') return { found: { file, tables: [] }, files: [], unread: [] };
  const saved = savedIn(file, inForce.text);
  const [doubt] = seriousDoubts(saved);
  return doubt
    ? { found: null, files: [], unread: [`the rules in force: ${doubt.message}`] }
    : { found: { file, tables: saved.tables }, files: [], unread: [] };
}

/** A host without any rule is nothing to doubt: many have none. */
function seriousDoubts(saved: SavedFile): Doubt[] {
  return doubtsAbout(saved, 'vsftpd').filter(({ code }) => code !== 'no-rules');
}
