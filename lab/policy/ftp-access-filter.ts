import { ftpFilterTable } from '../model/packet.ts';
import type { PortRange } from '../network/topology.ts';

/** An access rule with the filter: the mark of its control connections, and their ports. */
export interface FilteredRule {
  readonly name: string;
  readonly mark: number;
  readonly ports: readonly PortRange[];
  readonly readOnly: boolean;
}

/**
 * Commands that Read Only refuses. ISA 2004 is known to refuse STOR. The others change the server too; that ISA refuses
 * them is an assumption for which no source was found.
 */
const uploadCommands = ['STOR', 'STOU', 'APPE', 'DELE', 'RNFR', 'MKD ', 'RMD '];

/**
 * The command that starts FTPS (RFC 4217). ISA's filter does not understand FTPS and refuses it, with or without Read
 * Only.
 */
const tlsCommand = 'AUTH';

/** Replaces a command's first two letters: no command starts like this (RFC 959 section 4.1, RFC 3659). */
const spoilt = 'XX';

/**
 * What the FTP access filter refuses, as `nft -f` input; `null` if no rule uses the filter. It rewrites the commands in
 * marked control connections, so that the server itself answers 5xx ("unknown command") at once. ISA answers in the
 * server's place; its text is not known. The firewall's trace shows each rewritten command, with the rule's name.
 *
 * Only a command at the start of a segment is recognised, as in the kernel's own FTP helper (nf_conntrack_ftp.c).
 */
export function ftpAccessFilter(rules: readonly FilteredRule[]): string | null {
  if (rules.length === 0) return null;
  const lines = rules.flatMap(({ name, mark, ports, readOnly }) =>
    ports.flatMap((range) =>
      [tlsCommand, ...(readOnly ? uploadCommands : [])].map((command) => {
        const port = range[0] === range[1] ? range[0] : range.join('-');
        const seen = `ct mark ${hex(mark)} tcp dport ${port} @ih,0,32 & ${foldedCase(command)} == ${bytes(command)}`;
        return `    ${seen} meta nftrace set 1 @ih,0,16 set ${bytes(spoilt)} comment "${name}"`;
      }),
    ),
  );
  return `${[
    `table ${ftpFilterTable} {`,
    '  chain forward {',
    '    type filter hook forward priority mangle; policy accept;',
    ...lines,
    '  }',
    '}',
  ].join('\n')}\n`;
}

/** `0x1`, as iptables and nft write marks. */
export function hex(mark: number): string {
  return `0x${mark.toString(16)}`;
}

/** Four or two ASCII characters as one big-endian number. */
function bytes(text: string): string {
  return `0x${[...text].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('')}`;
}

/**
 * Mask that turns lower-case ASCII letters into upper-case ones (RFC 959 section 5.3: commands are case-insensitive)
 * and keeps spaces.
 */
function foldedCase(text: string): string {
  return `0x${[...text].map((character) => (character === ' ' ? 'ff' : 'df')).join('')}`;
}
