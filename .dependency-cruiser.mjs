/**
 * The order of the rooms, from the ground up: each may import those above it in this list, never one below it. The one place
 * where the order is written.
 */
const order = [
  { name: 'foundation', path: '^lab/[^/]+\\.ts$', except: '^lab/index\\.ts$' },
  { name: 'network', path: '^lab/network/' },
  { name: 'model', path: '^lab/model/' },
  { name: 'policy', path: '^lab/policy/' },
  { name: 'scenarios', path: '^scenarios/' },
  { name: 'job', path: '^lab/job/' },
  { name: 'verdict', path: '^lab/verdict/' },
  { name: 'report', path: '^lab/report/' },
  { name: 'stack', path: '^lab/stack/' },
  { name: 'agent', path: '^lab/agent/' },
  { name: 'engine', path: '^lab/engine/' },
  { name: 'attempt', path: '^lab/attempt/' },
  { name: 'exposure', path: '^lab/exposure/' },
  { name: 'trial', path: '^lab/trial/' },
  { name: 'doctor', path: '^lab/doctor/' },
  { name: 'index', path: '^lab/index\\.ts$' },
  { name: 'cli', path: '^lab/cli/' },
];

/** Rooms without an engine, sockets or a clock. */
const pure = '^lab/(network|model|policy|job|verdict|report)/';

export default {
  forbidden: [
    ...order.slice(0, -1).map(({ name, path, except }, index) => ({
      name: `${name}-imports-what-stands-on-it`,
      comment: 'Data flows one way; see "order" in this file.',
      severity: 'error',
      from: { path, ...(except && { pathNot: except }) },
      to: { path: order.slice(index + 1).map((room) => room.path) },
    })),
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-rooms',
      comment: 'They must run without an engine, sockets or files.',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(util|path|os)$' },
    },
    {
      name: 'docker-in-one-folder',
      severity: 'error',
      from: { pathNot: '^(lab/engine/docker/|test/)' },
      to: { path: 'node_modules/(@types/)?dockerode' },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(lab|scenarios)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: '^lab/report/html/client/',
  },
};
