/* Schemas of names and small values that many documents hold. */
import { z } from 'zod';
import {
  allServerNames,
  clientNames,
  firewallNames,
  type HostName,
  machineNames,
  rulesPlaces,
  subnetNames,
} from '../../network/topology.ts';
import { causes } from '../cause.ts';
import { namePattern } from '../names.ts';
import { driverNames, stepNames, transferModes } from '../vocabulary.ts';

export const subnetName = z.enum(subnetNames);
export const firewallName = z.enum(firewallNames);
/** A client's or server's machine. */
export const machineName = z.enum(machineNames);
/** A firewall, or a host that has rules of its own. */
export const rulesPlace = z.enum(rulesPlaces);
export const clientName = z.enum(clientNames);
export const serverName = z.enum(allServerNames);

/** A client or a server. */
export const endName = z.enum([...new Set([...clientNames, ...allServerNames])]);

/** A client, a server or a firewall. */
export const hostName = z.enum([...new Set<HostName>([...clientNames, ...allServerNames, ...firewallNames])]);

/** What the user calls hosts, see model/names.ts. */
export const names = z.partialRecord(hostName, z.string().regex(namePattern)).meta({ id: 'names' });

export const transferMode = z.enum(transferModes);
export const driverName = z.enum(driverNames);
export const stepName = z.enum(stepNames);
export const cause = z.enum(causes);

/** First and last port. */
export const portRange = z.tuple([z.int().min(0).max(65535), z.int().min(0).max(65535)]);

/** SHA-256 in hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** ISO 8601, UTC. */
export const instant = z.iso.datetime();
