/* The schema of what was found on the machine of an FTP server, or in its files. */
import { z } from 'zod';
import type { Data } from '../../data.ts';
import { type Found, headOf } from './head.ts';
import { portRange, transferMode } from './name-schemas.ts';

const finding = z.strictObject({
  code: z.enum([
    'control-closed',
    'not-listening',
    'uploads-off',
    'uploads-limited',
    'passive-off',
    'active-off',
    'range-closed',
    'range-half-open',
    'related-without-helper',
    'helper-sees-no-tls',
    'helper-sees-other-address',
    'active-closed',
    'announced-private',
    'announced-other',
    'announced-unknown',
    'own-address-private',
    'own-address-other',
    'tls-session-reuse',
    'range-unset',
    'range-narrow',
    'rules-unread',
    'config-unread',
    'undecided-by-text',
  ]),
  outcome: z
    .enum(['breaks', 'unknown', 'some', 'note'])
    .describe(
      'breaks: uploads in these modes fail. unknown: it could not be found out. some: uploads of some clients fail. note: none fails by this alone.',
    ),
  modes: z.array(transferMode).describe('The transfer modes that it is about.'),
  found: z.string().describe('One sentence, or a few.'),
  where: z
    .array(z.string())
    .describe('Where it stands: "/etc/vsftpd.conf:12", "host.rules:9 -A INPUT -j DROP".'),
  why: z.string().describe('Why uploads fail by it; empty if that needs no words.'),
  change: z.string().describe('What to do.'),
  like: z.array(z.string()).describe('Scenarios of the lab that stage the same.'),
  cured: z.array(z.string()).describe('Scenarios of the lab that have what cures it.'),
});
/** One thing that was found. */
export interface ServerFinding extends Data<typeof finding> {}
export type FindingCode = ServerFinding['code'];

export const serverDiagnosisResult = z
  .strictObject({
    ...headOf('server-diagnosis'),
    machine: z
      .boolean()
      .describe('Whether the machine itself was looked at; if not, only the files of another one.'),
    server: z
      .strictObject({
        daemon: z.enum(['vsftpd', 'ProFTPD', 'Pure-FTPd']),
        config: z.string(),
        port: z.int(),
        range: portRange.nullable().describe('Ports of passive data connections; null if none are set.'),
        announced: z.string().nullable().describe('What 227 names; null for the address that is called.'),
        tls: z.enum(['off', 'offered', 'required']),
      })
      .nullable()
      .describe('What the configuration says; null if none was read.'),
    rules: z.string().nullable().describe('Where the rules were read; null if they were not.'),
    seenAt: z.string().nullable().describe('The address that clients call, as it was given.'),
    findings: z.array(finding),
    fine: z.array(z.string()).describe('What was looked at and lets uploads pass, a sentence each.'),
    unseen: z.array(z.string()).describe('What was not looked at, a phrase each.'),
  })
  .describe('What was found on the machine of an FTP server, or in its files, that breaks uploads.');
/** What was found out from the server's side. */
export interface ServerDiagnosisResult extends Data<typeof serverDiagnosisResult> {}
/** The same before it says where it comes from. */
export interface ServerDiagnosis extends Found<ServerDiagnosisResult> {}
