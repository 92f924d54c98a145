import { type FailureKind, isPassive, type ObservedStep, type StepName } from '../model/attempt.ts';
import type { Verdict } from '../model/cell.ts';
import { addressOf } from '../model/endpoint.ts';
import {
  type ConnectionPacket,
  type Evidence,
  fragmentationNeeded,
  isAnswered,
  passedAll,
  refusedOpening,
} from '../model/evidence.ts';
import { isTakenByHost, spoiltCommand } from '../model/packet.ts';
import { does } from '../model/rule-text.ts';
import { familyOf } from '../network/family.ts';
import type { Case, Finding, Observation } from './finding.ts';
import { goneAstray, privateAnnounced, saidByAnother, selfAnnounced } from './gone-astray.ts';
import { neighbourUnfound } from './neighbour-unfound.ts';
import { sentenceOf } from './sentence.ts';
import { connectionFailures, during, stoppedPacket } from './stopped-packet.ts';
import { decidingRule, wayOf } from './way.ts';

/** Steps that an upload needs, in order; list and retrieve tell causes apart but do not decide. */
export const stepsThatUploadsNeed: readonly StepName[] = ['connect', 'login', 'store-small', 'store-large'];

/** The steps, with a confirmed store turned into a failed one if other bytes are on the server than were sent. */
export function verifiedSteps({ steps, evidence: { files } }: Observation): ObservedStep[] {
  return steps.map((step) => {
    const found = step.stored && files[step.stored.file];
    if (step.outcome !== 'ok' || !step.stored || found === undefined || holds(files, step)) return step;
    const reply = found ? `the server holds ${found.bytes} other bytes` : 'the server holds no such file';
    return { ...step, outcome: 'failed', failure: 'content-mismatch', reply };
  });
}

/** Whether the server holds exactly what the step had to send. */
function holds(files: Evidence['files'], { stored }: ObservedStep): boolean {
  return stored !== null && files[stored.file]?.sha256 === stored.sha256;
}

/** Evidence to verdict. Pure. */
export function judge(observation: Observation): Verdict {
  const { files } = observation.evidence;
  const steps = verifiedSteps(observation);
  const failed = stepsThatUploadsNeed
    .map((name) => steps.find((step) => step.name === name))
    .find((step) => step?.outcome !== 'ok');
  const finding: Finding = failed ? findingOf(failed, observation) : { cause: 'none' };
  const { packet, circumstance } = finding;
  const way = packet && finding.rule === undefined ? wayOf(packet, observation.lineOf) : [];
  const verdict = {
    uploaded: failed === undefined,
    failedAt: failed?.name ?? null,
    cause: finding.cause,
    firewall: packet?.firewall ?? null,
    rule: finding.rule ?? (packet && packet.fate !== 'lost' ? decidingRule(packet, way) : null) ?? null,
    // The FTP access filter lets the packet pass and spoils the command in it.
    packet:
      packet && spoiltCommand(packet) === null
        ? { protocol: packet.protocol, source: packet.source, destination: packet.destination }
        : null,
    ...(way.length > 0 && { way }),
    ...(circumstance?.kind === 'astray' && { astray: circumstance.way }),
    ...leftBehind(failed, (file) => (file in files ? (files[file]?.bytes ?? null) : undefined)),
  };
  const sentence = sentenceOf(observation, verdict, failed, circumstance);
  return { ...verdict, sentence: `${sentence}${addressChosen(observation)}` };
}

/** Which of a name's addresses a client went to, as a sentence behind another one; '' if it had no choice. */
function addressChosen({ cell, evidence }: Observation): string {
  if (!cell.named) return '';
  const control = evidence.connections.findLast(({ purpose }) => purpose === 'control');
  if (control === undefined) return '';
  const isIPv6 = familyOf(addressOf(control.destination)) === 'ipv6';
  return ` ${cell.client} called ${cell.server} by a name that has both an IPv6 and an IPv4 address, and ${isIPv6 ? 'chose' : 'came to'} the ${isIPv6 ? 'IPv6' : 'IPv4'} one.`;
}

/**
 * What a failed store left behind. `held`: how many bytes the server has under a name, `null` for no file, `undefined` if
 * nobody looked.
 */
export function leftBehind(
  failed: ObservedStep | undefined,
  held: (file: string) => number | null | undefined,
): Pick<Verdict, 'left'> {
  const { file, bytes: of } = failed?.stored ?? {};
  const bytes = file === undefined ? undefined : held(file);
  return bytes === undefined || of === undefined ? {} : { left: { bytes, of } };
}

/** In turn; the first one that finds proof decides. Those after `incompleteTrace` speak only if no packet can be missing. */
const finders: readonly ((found: Case) => Finding | undefined)[] = [
  filteredCommand,
  unroutableAddress,
  refusedConnection,
  neighbourUnfound,
  otherContent,
  incompleteTrace,
  quota,
  brokenLine,
  forgottenControl,
  withheldIcmp,
  stoppedPacket,
  goneAstray,
  unansweredConnection,
  wordToAnotherTransfer,
  serversWord,
];

/** The cause of one failed step. Without proof of a cause it is `inconclusive`, never a guess. */
function findingOf(step: ObservedStep, observation: Observation): Finding {
  if (observation.differs) return { cause: 'inconclusive', circumstance: { kind: 'differs' } };
  const { connections } = observation.evidence;
  const connection =
    step.connection === null
      ? undefined
      : connections.findLast(
          ({ purpose, destination, source }) =>
            purpose === step.connection?.purpose &&
            destination === step.connection.destination &&
            source === step.connection.source,
        );
  const controls = connections.filter(({ purpose }) => purpose === 'control');
  const found = { ...observation, step, connection, controls };
  for (const find of finders) {
    const finding = find(found);
    if (finding) return saidByAnother(finding, found);
  }
  return saidByAnother({ cause: 'inconclusive' }, found);
}

/** The FTP access filter spoilt the command, so that the server refused it. */
function filteredCommand({ step, controls }: Case): Finding | undefined {
  if (step.failure !== 'command-refused' && step.failure !== 'tls-refused') return undefined;
  const tls = step.failure === 'tls-refused';
  // A client may ask for TLS by itself, be refused, and fail later for another reason.
  const packet = controls
    .flatMap(({ packets }) => packets)
    .find((seen) => spoiltCommand(seen) !== null && (spoiltCommand(seen) === 'AUTH') === tls);
  return packet && { cause: tls ? 'tls-refused-by-firewall' : 'command-refused-by-firewall', packet };
}

/** PASV named an address that is not the server's, and the client went there in vain. */
function unroutableAddress(found: Case): Finding | undefined {
  const { step, connection, controls } = found;
  if (!connectionFailures.includes(step.failure) || connection?.purpose !== 'data') return undefined;
  if (connection.openedBy !== 'client') return undefined;
  // A client that called a name may have tried several of its addresses.
  const called = controls.map(({ destination }) => addressOf(destination));
  if (called.length === 0 || called.includes(addressOf(connection.destination))) return undefined;
  const packet = refusedOpening(connection);
  return { cause: 'pasv-address-unroutable', ...(packet && { packet }), ...privateAnnounced(found) };
}

function refusedConnection(found: Case): Finding | undefined {
  const { step, connection } = found;
  if (!connectionFailures.includes(step.failure) || !connection) return undefined;
  const packet = refusedOpening(connection);
  if (!packet) return undefined;
  const unexpected = selfAnnounced(packet, found);
  if (unexpected) return unexpected;
  const rejected = packet.decision?.action === 'reject';
  // Whoever sent the SYN is told that it is rejected, but not that the answer to it is.
  if (packet.flags.includes('ACK'))
    return { cause: `${connection.purpose}-dropped`, packet, circumstance: { kind: 'answer', rejected } };
  return { cause: `${connection.purpose}-${rejected ? 'refused' : 'dropped'}`, packet };
}

function otherContent({ step }: Case): Finding | undefined {
  return step.failure === 'content-mismatch' ? { cause: 'content-mismatch' } : undefined;
}

function incompleteTrace({ evidence }: Case): Finding | undefined {
  return evidence.traceComplete ? undefined : { cause: 'inconclusive' };
}

/**
 * RFC 959 section 4.2.1: 452 insufficient storage, 552 exceeded storage allocation. Servers also say so in words with another
 * code, once a transfer has begun.
 */
function quota({ step }: Case): Finding | undefined {
  const said =
    /^[45]\d\d\b/.test(step.reply) &&
    /quota|no space left|disk full|insufficient storage|exceeded storage/i.test(step.reply);
  return step.code === 452 || step.code === 552 || said ? { cause: 'quota-exceeded' } : undefined;
}

/** Failures in which the server's next reply does not come. */
const silences: readonly (FailureKind | null)[] = [
  'greeting-silent',
  'greeting-closed',
  'command-unanswered',
  'control-closed',
  'transfer-stalled',
  'data-unanswered',
  'other',
];

/**
 * A line that every rule let pass did not leave the firewall: the kernel's FTP helper drops PORT, EPRT, 227 and 229 if it
 * sees but a part of them (nf_conntrack_ftp.c, "partial matching").
 */
function brokenLine(found: Case): Finding | undefined {
  if (!silences.includes(found.step.failure)) return undefined;
  for (const control of found.controls) {
    const { packets } = control;
    const meanwhile = packets.filter(during(found, control));
    const packet =
      meanwhile.find(({ fate, stray, flags }) => fate === 'lost' && !stray && flags.includes('PSH')) ??
      takenInVain(meanwhile);
    if (!packet) continue;
    const helper = packets
      .filter(({ firewall }) => firewall === packet.firewall)
      .flatMap(({ met }) => met)
      .find(({ rule }) => rule !== null && does('helper', rule));
    if (helper?.rule)
      return {
        cause: 'command-refused-by-firewall',
        packet,
        rule: helper.comment ?? helper.rule,
        circumstance: { kind: 'broken-line' },
      };
  }
  return undefined;
}

/**
 * A line that a host lets in through its own firewall again and again, and to which it does not answer: behind its last rule stands
 * nothing but the helper (nf_conntrack_proto.c, nf_confirm).
 */
function takenInVain(packets: readonly ConnectionPacket[]): ConnectionPacket | undefined {
  const [first, second] = packets.filter(
    (packet) => isTakenByHost(packet) && packet.again && !packet.stray && packet.flags.includes('PSH'),
  );
  if (!first || !second) return undefined;
  const answered = packets.some(
    ({ firewall, source, ms }) =>
      firewall === first.firewall && source === first.destination && ms > first.ms,
  );
  return answered ? undefined : first;
}

/** A firewall had forgotten the control connection, so that a packet of it met the rules as if it opened one. */
function forgottenControl(found: Case): Finding | undefined {
  const { step, controls, evidence } = found;
  if (!silences.includes(step.failure)) return undefined;
  const packet = controls
    .flatMap((control) => control.packets.filter(during(found, control)))
    .find(({ stray, fate }) => stray && fate === 'refused');
  if (!packet) return undefined;
  const arrived = holds(evidence.files, step);
  return {
    cause: 'control-idle-cut',
    packet,
    ...(arrived && { circumstance: { kind: 'all-arrived' } as const }),
  };
}

function withheldIcmp({ step, connection }: Case): Finding | undefined {
  if (step.failure !== 'transfer-stalled' && step.failure !== 'other' && step.failure !== 'control-closed')
    return undefined;
  const packet = connection?.packets.find(
    ({ unreachable, fate }) => unreachable?.code === fragmentationNeeded && fate === 'refused',
  );
  return packet && { cause: 'stalled-mid-transfer', packet, circumstance: { kind: 'icmp-withheld' } };
}

/** Every firewall sent the SYN on its way, and nothing came back to any of them. */
function unansweredConnection({ step, connection, evidence }: Case): Finding | undefined {
  if (step.failure !== 'control-unanswered' && step.failure !== 'data-unanswered') return undefined;
  if (!connection || evidence.firewalls.length === 0) return undefined;
  if (!passedAll(connection, evidence.firewalls) || isAnswered(connection)) return undefined;
  return { cause: `${connection.purpose}-dropped`, circumstance: { kind: 'beyond-firewalls' } };
}

/** A client that fails as it writes does not read the server's reply; a reply to another transfer of the session says it too. */
function wordToAnotherTransfer({ step, steps }: Case): Finding | undefined {
  if (step.failure !== 'other' && step.failure !== 'control-closed') return undefined;
  return steps.some(({ failure }) => failure === 'tls-session-not-reused')
    ? { cause: 'tls-session-reuse-required' }
    : undefined;
}

/** What the server itself said, no firewall having taken part. */
function serversWord(found: Case): Finding | undefined {
  const { cell, step, connection, evidence } = found;
  switch (step.failure) {
    // A reset is the server's only if the SYN got there: it may be a firewall's own, after a redirection.
    case 'control-refused':
    case 'data-refused':
      return connection && passedAll(connection, evidence.firewalls) ? { cause: step.failure } : undefined;
    case 'turned-away':
      return { cause: 'control-refused' };
    case 'login-denied':
      return { cause: 'login-denied' };
    case 'data-command-refused':
      return { cause: isPassive(cell.mode) ? 'command-refused-by-server' : 'port-command-refused' };
    case 'address-refused-by-client':
      return { cause: 'pasv-address-rejected-by-client', ...privateAnnounced(found) };
    case 'command-refused':
    case 'tls-refused':
      return { cause: 'command-refused-by-server' };
    case 'refused-by-proxy':
      return { cause: 'command-refused-by-firewall', circumstance: { kind: 'web-proxy' } };
    case 'tls-session-not-reused':
      return { cause: 'tls-session-reuse-required' };
    case 'transfer-stalled':
      return { cause: 'stalled-mid-transfer' };
    default:
      return undefined;
  }
}
