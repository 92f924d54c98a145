import { LabError } from '../errors.ts';
import type { Connection, ProtocolDefinition } from '../model/rule-set.ts';
import type { PortRange } from '../network/topology.ts';

/** One TCP port, 1 to 65535. Throws LabError `port-out-of-range`. */
export function tcp(port: number): PortRange {
  return tcpRange(port, port);
}

/** TCP ports `first` to `last`, both included. Throws LabError `port-out-of-range` or `port-range-reversed`. */
export function tcpRange(first: number, last: number): PortRange {
  for (const port of [first, last])
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw new LabError(
        'usage',
        'port-out-of-range',
        `There is no TCP port ${port}`,
        'Ports run from 1 to 65535.',
      );
  if (first > last)
    throw new LabError(
      'usage',
      'port-range-reversed',
      `Port range ${first} to ${last} is empty`,
      `Did you mean ${last} to ${first}?`,
    );
  return [first, last];
}

/** A connection that the rule's `from` opens to the rule's `to`. */
export function outbound(ports: PortRange): Connection {
  return { direction: 'outbound', ports };
}

/** A connection that the rule's `to` opens to the rule's `from`; of a published server, one that clients open to it. */
export function inbound(ports: PortRange): Connection {
  return { direction: 'inbound', ports };
}

/** The parts of a protocol definition. */
export interface ProtocolOptions {
  readonly primary: readonly Connection[];
  /** Default: none. */
  readonly secondary?: readonly Connection[];
  /** Whether the FTP access filter is bound to it. Default: `null`, no filter. */
  readonly filter?: 'ftp' | null;
}

/** A custom protocol definition. Throws LabError `protocol-malformed` if it has no primary connection. */
export function protocol(
  name: string,
  { primary, secondary = [], filter = null }: ProtocolOptions,
): ProtocolDefinition {
  if (primary.length === 0)
    throw new LabError(
      'usage',
      'protocol-malformed',
      `Protocol definition "${name}" has no primary connection`,
      'Give it one, such as primary: [outbound(tcp(21))].',
    );
  return { name, primary, secondary, filter };
}

/**
 * ISA 2004's stock "FTP": the control connection only. The FTP access filter, bound to it, opens the data connections
 * that the control connection negotiates.
 */
export const ftp = protocol('FTP', { primary: [outbound(tcp(21))], filter: 'ftp' });

/** "FTP" with the FTP access filter unbound: the control connection passes, no data connection does. */
export const ftpControl = protocol('FTP control', { primary: [outbound(tcp(21))] });

/** ISA 2004's stock "FTP Server", for server publishing rules: inbound TCP 21, with the FTP access filter. */
export const ftpServer = protocol('FTP Server', { primary: [inbound(tcp(21))], filter: 'ftp' });

/** "FTP Server" with the FTP access filter unbound: clients can log in, and no data connection passes. */
export const ftpServerControl = protocol('FTP Server control', { primary: [inbound(tcp(21))] });
