/*
 * Documents of version 1 said neither their kind nor where they came from. They are told apart by the fields that only one
 * kind has, and get the fields that version 2 added.
 */
import { allServerNames, clientNames, firewallNames, firewallsBetween } from '../../network/topology.ts';
import type { ResultKind } from './result.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Of each kind, the fields that tell it from the others. The first kind that fits is taken. */
const marks: readonly (readonly [ResultKind, ...fields: string[]])[] = [
  ['run', 'cells', 'summary'],
  ['exposure', 'ruleSet', 'lines'],
  ['comparison', 'before', 'after', 'changes'],
  ['recommendation', 'need', 'fixes'],
  ['diagnosis', 'modes', 'notTried'],
  ['ports', 'ports', 'sample'],
  ['round', 'at', 'cells'],
  ['scenarios', 'scenarios'],
  ['status', 'labs'],
  ['checks', 'checks'],
  ['plan', 'changes', 'engine'],
];

const changed: Partial<Record<ResultKind, (document: Fields) => Fields>> = {
  run: ({ exposures, summary, setting, ...rest }) => ({
    ...rest,
    ...(setting !== undefined && { setting: isFields(setting) ? withNotes(setting) : setting }),
    ...(exposures !== undefined && { exposures: each(exposures, unversioned) }),
    summary: isFields(summary) ? { skipped: [], ...summary } : summary,
  }),
  comparison: ({ before, after, ports, ...rest }) => ({
    ...rest,
    before: triedRules(before),
    after: triedRules(after),
    ports: each(ports, ({ line, ...change }) => ({ ...change, line: isFields(line) ? wayOf(line) : line })),
  }),
  round: withNotes,
  recommendation: ({ fixes, need, ...rest }) => ({
    ...rest,
    need,
    onTheWay: crossedBy(need),
    yardstick: 'high-ports-outbound',
    fixes: each(fixes, ({ exposure, ...fix }) => ({
      ...fix,
      exposure: isFields(exposure) ? unversioned(exposure) : exposure,
    })),
  }),
  status: ({ labs }) => ({
    labs: each(labs, ({ networks, hosts, ...lab }) => ({
      ...lab,
      networks: each(networks, ({ network, ...rest }) => ({ ...rest, engineName: network })),
      hosts: each(hosts, ({ container, ...rest }) => ({ ...rest, engineName: container })),
    })),
  }),
  plan: ({ engine, changes, ...rest }) => ({
    ...rest,
    by: engine,
    changes: each(changes, ({ kind, ...change }) => ({
      ...change,
      kind: kind === 'container' ? 'host' : kind,
    })),
  }),
};

/** The document as version 2 has it, unchecked; `undefined` if it is not a document of version 1. */
export function fromVersion1(value: unknown): Fields | undefined {
  if (!isFields(value) || value.version !== 1 || 'kind' in value) return undefined;
  const kind = marks.find(([, ...fields]) => fields.every((field) => field in value))?.[0];
  if (kind === undefined) return undefined;
  const { version: _version, ...document } = value;
  const head = { kind, version: 2, lab: null, engine: null, files: [] };
  return { ...(changed[kind]?.(document) ?? document), ...head };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that is not a list of objects is left unchanged; the schema refuses it. */
function each(list: unknown, change: (fields: Fields) => Fields): unknown {
  return Array.isArray(list) ? list.map((one) => (isFields(one) ? change(one) : one)) : list;
}

function unversioned({ version: _version, ...exposure }: Fields): Fields {
  return exposure;
}

/** Notes were texts. */
function withNotes({ notes, ...rest }: Fields): Fields {
  const kept = Array.isArray(notes) ? notes.map((text: unknown) => ({ kind: 'fact', text })) : notes;
  return { ...rest, ...(notes !== undefined && { notes: kept }) };
}

function triedRules(value: unknown): unknown {
  if (!isFields(value) || !isFields(value.exposure)) return value;
  return {
    name: value.exposure.ruleSet,
    ruleSet: null,
    rules: null,
    ...value,
    exposure: unversioned(value.exposure),
  };
}

/** A line came with one of its measurements. */
function wayOf({ sourcePort: _source, open: _open, ports: _ports, arrivedAt: _at, ...line }: Fields): Fields {
  return line;
}

/** The firewalls that needed cells cross, `client/server/mode` each. */
function crossedBy(need: unknown): unknown {
  if (!Array.isArray(need)) return need;
  const crossed = need.flatMap((path) => {
    const [client, server] = String(path).split('/');
    const from = clientNames().find((name) => name === client);
    const to = allServerNames().find((name) => name === server);
    return from && to ? firewallsBetween(from, to) : [];
  });
  return firewallNames().filter((name) => crossed.includes(name));
}
