/* Schemas of names and small values that many documents hold. */
import { z } from 'zod';
import { networkName } from '../../network/definition.ts';
import { causes } from '../cause.ts';
import { namePattern } from '../names.ts';
import { driverNames, stepNames, transferModes, ways } from '../vocabulary.ts';

/** Names of a network's parts: which exist depends on the network, see network/topology.ts. */
export const subnetName = networkName;
export const firewallName = networkName;
/** A client's or server's machine. */
export const machineName = networkName;
/** A firewall, or a host that has rules of its own. */
export const rulesPlace = networkName;
export const clientName = networkName;
export const serverName = networkName;

/** A client or a server. */
export const endName = networkName;

/** A client, a server or a firewall. */
export const hostName = networkName;

/** What the user calls hosts, see model/names.ts. */
export const names = z.record(hostName, z.string().regex(namePattern)).meta({ id: 'names' });

export const transferMode = z.enum(transferModes);
/** A transfer mode, and `/ipv6` behind it if the server is called by IPv6. */
export const way = z.enum(ways);
export const driverName = z.enum(driverNames);
export const stepName = z.enum(stepNames);
export const cause = z.enum(causes);

/** First and last port. */
export const portRange = z.tuple([z.int().min(0).max(65535), z.int().min(0).max(65535)]);

/** SHA-256 in hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** ISO 8601, UTC. */
export const instant = z.iso.datetime();
