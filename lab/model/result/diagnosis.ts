/* The schema of a diagnosis of a server outside the lab. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { observedStep } from './attempt.ts';
import { expectation, verdict } from './cell.ts';
import { evidence } from './evidence.ts';
import { type Found, headOf } from './head.ts';
import { cause, clientName, serverName, stepName, transferMode, way } from './name-schemas.ts';

const diagnosedServer = z.strictObject({
  host: z.string(),
  address: z.string().describe('The address that was contacted: the IPv4 one if it was tried.'),
  address6: z.string().exactOptional().describe('Its IPv6 address, if that was tried as well.'),
  port: z.int(),
  user: z.string(),
  folder: z.string().describe('Folder of the uploads; empty for the one after login.'),
  patienceMs: z.number(),
});
/** The server that was tried, and how long to wait. */
export interface DiagnosedServer extends Data<typeof diagnosedServer> {}

const modeDiagnosis = z.strictObject({
  mode: transferMode,
  ipv6: z.literal(true).exactOptional().describe('The server was called by IPv6.'),
  steps: z.array(observedStep),
  /** The cause is proven, or inconclusive; no firewall is ever named. */
  verdict,
  possible: z.array(cause).describe('Every cause that is still possible after what was seen.'),
  known: z.string(),
  open: z.string().describe('What is not known; empty if nothing that matters is left open.'),
  shownBy: stepName
    .nullable()
    .describe(
      'The step that "known" is about: the first that failed in the way that decided; null if nothing failed.',
    ),
  /** Without packets: no firewall was looked into. */
  evidence,
});
/** The result of one transfer mode. */
export interface ModeDiagnosis extends Data<typeof modeDiagnosis> {}

const matchingCase = z.strictObject({
  client: clientName,
  server: serverName,
  modes: z.partialRecord(way, expectation),
});
/** A client and a server of the lab with the same result in every tried mode, under one scenario. */
export interface MatchingCase extends Data<typeof matchingCase> {}

const sameSignature = z.strictObject({
  scenario: z.string(),
  question: z.string(),
  cases: z.array(matchingCase),
  networkRules: z
    .array(z.enum(['route', 'NAT', 'none']))
    .describe('The network rules of the firewalls on the way in these cases.'),
  silentOn: z.array(way).describe('Tried modes about which the scenario says nothing.'),
});
/** A scenario that fails the same way. */
export interface SameSignature extends Data<typeof sameSignature> {}

const telling = z.strictObject({
  look: z
    .string()
    .describe('What to look at: a transfer mode or step that was not tried, or which side acted.'),
  modes: z.array(way).describe('Empty if it is the same in all of them.'),
  shows: z
    .array(z.strictObject({ what: z.string(), scenarios: z.array(z.string()) }))
    .describe(
      'What is seen there, and under which scenarios; scenarios that say nothing about it are left out.',
    ),
});
/** Where to look to tell matching scenarios apart. */
export interface Telling extends Data<typeof telling> {}

export const diagnosisResult = z
  .strictObject({
    ...headOf('diagnosis'),
    server: diagnosedServer,
    modes: z.array(modeDiagnosis),
    notTried: z
      .array(way)
      .describe('Modes left out, because the login failed and is the same in all of them.'),
    left: z.array(z.string()).describe('Probe files that are, or may be, still on the server.'),
    scenarios: z.array(sameSignature),
    apart: z.array(telling),
  })
  .describe(
    'The result of an attempt against a server outside the lab, and the scenarios that look the same.',
  );
/** What was found out about a server outside the lab. */
export interface DiagnosisResult extends Data<typeof diagnosisResult> {}
/** The same before it says where it comes from. */
export interface Diagnosis extends Found<DiagnosisResult> {}
