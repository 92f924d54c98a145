import { scenarios } from '../../scenarios/index.ts';
import { type DiagnoseOptions, diagnoseServer } from '../attempt/diagnose-server.ts';
import { parseServerUrl, resolveServer, type ServerUrl } from '../attempt/server-url.ts';
import { extendedModes, type TransferMode, transferModes, type Way, wayOf } from '../model/attempt.ts';
import type { Names } from '../model/names.ts';
import { headed } from '../model/origin.ts';
import type { DiagnosedServer, DiagnosisResult } from '../model/result/diagnosis.ts';
import { usualPatience } from '../model/spared-server.ts';
import type { Family } from '../network/family.ts';
import { diagnosisOf } from '../verdict/diagnosis/diagnosis.ts';
import { originOf } from './origin-of.ts';

/** A user's password on a server, or how to get it. */
export type Password = string | ((server: ServerUrl) => Promise<string>);

export interface DiagnoseRequest extends Partial<Omit<DiagnoseOptions, 'password' | 'ways'>> {
  readonly password: Password;
  /** Default: all four; by IPv6 those that it has (RFC 2428). */
  readonly modes?: readonly TransferMode[] | undefined;
  /** By which versions of IP the server is called. Default: by both, if it and this machine have them. */
  readonly families?: readonly Family[] | undefined;
  /** How long to wait for each answer, in seconds. Default {@link usualPatience}. */
  readonly patience?: number | undefined;
  /** What the user calls hosts of the lab, which the scenarios name. */
  readonly names?: Names | undefined;
  /** Called before it begins, with the server and the modes. */
  readonly onStart?: (server: DiagnosedServer, ways: readonly Way[]) => void;
}

/**
 * Makes the lab's attempt against a server outside the lab, `ftp://user@host[:port][/folder]`, from this machine, and
 * finds the scenarios that fail the same way. Throws LabError if the URL or host cannot be used, or the signal's reason
 * after the probe files were removed.
 */
export async function diagnose(
  url: string,
  { password, modes, families, patience = usualPatience, names, onStart, ...options }: DiagnoseRequest,
): Promise<DiagnosisResult> {
  const server = parseServerUrl(url);
  const known = await passwordOf(server, password);
  const { addresses, ...named } = await resolveServer(server, families);
  const [address = '', address6] = [addresses.ipv4, addresses.ipv6].filter((one) => one !== undefined);
  const resolved = {
    ...named,
    address,
    ...(address6 !== undefined && { address6 }),
    patienceMs: patience * 1000,
  };
  const ways: Way[] = [
    ...(addresses.ipv4 === undefined ? [] : (modes ?? transferModes)),
    ...(addresses.ipv6 === undefined
      ? []
      : (modes ?? extendedModes).map((mode) => wayOf({ mode, ipv6: true }))),
  ];
  onStart?.(resolved, ways);
  const { tried, ...rest } = await diagnoseServer(resolved, {
    signal: new AbortController().signal,
    onMode: () => undefined,
    onConnection: () => undefined,
    onProbes: () => undefined,
    ...options,
    ways,
    password: known,
  });
  return {
    ...headed('diagnosis', originOf(null, [], names)),
    ...diagnosisOf(resolved, tried, rest, scenarios),
  };
}

/** The password itself. */
export async function passwordOf(server: ServerUrl, password: Password): Promise<string> {
  return typeof password === 'string' ? password : password(server);
}
