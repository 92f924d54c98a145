/*
 * Runs the steps of action.yml and the script of templates/guard.yml on this machine, as far as that goes without the services:
 * bash runs what they have as `run` and `script`, with the inputs as variables; steps of other actions are only named.
 *   npm run guard -- github rules=FILE [before=FILE] [need=CELLS] [forbid=CELLS] [options=WORDS] ...
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type Service = 'github' | 'gitlab';
export type Inputs = Readonly<Record<string, string>>;

/** What the steps came to. `folder` holds what they wrote, `uses` names the steps of other actions. */
export interface Guarded {
  readonly status: number | null;
  readonly output: string;
  readonly folder: string;
  readonly uses: readonly string[];
}

/** Runs the check of a service in a folder, whose files `inputs` name. `env`: further variables, as the service sets them. */
export function runGuard(
  service: Service,
  inputs: Inputs,
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly tell?: boolean },
): Promise<Guarded> {
  return service === 'github' ? onGitHub(inputs, options) : onGitLab(inputs, options);
}

interface Action {
  readonly inputs: Record<string, { readonly default?: string; readonly required?: boolean }>;
  readonly runs: {
    readonly steps: readonly {
      readonly name?: string;
      readonly run?: string;
      readonly uses?: string;
      readonly if?: string;
      readonly env?: Record<string, string>;
    }[];
  };
}

type Options = Parameters<typeof runGuard>[2];

async function onGitHub(given: Inputs, { cwd, env, tell }: Options): Promise<Guarded> {
  const action = parse(await readFile(join(root, 'action.yml'), 'utf8')) as Action;
  const inputs = withDefaults(action.inputs, given);
  const temp = await mkdtemp(join(tmpdir(), 'ftplab-github-'));
  const service = {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION_PATH: root,
    GITHUB_BASE_REF: '',
    GITHUB_OUTPUT: join(temp, 'outputs'),
    GITHUB_STEP_SUMMARY: join(temp, 'summary.md'),
    GITHUB_WORKSPACE: resolve(cwd),
    RUNNER_TEMP: temp,
    ...env,
  };
  const uses: string[] = [];
  let output = '';
  let status: number | null = 0;
  for (const step of action.runs.steps) {
    if (status !== 0 && !step.if?.includes('always()')) continue;
    if (step.uses) uses.push(step.uses);
    if (!step.run) continue;
    const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, inputIn(value, inputs)]);
    const done = await bash(step.run, { cwd, tell, env: { ...service, ...Object.fromEntries(own) } });
    output += done.output;
    if (done.status !== 0) status = done.status;
  }
  return { status, output, folder: temp, uses };
}

/** The value of `${{ inputs.NAME }}`: the only expression that variables of the steps have. */
function inputIn(value: string, inputs: Inputs): string {
  const [, name = ''] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value) ?? [];
  const found = inputs[name];
  if (found === undefined) throw new Error(`This cannot be run without GitHub: ${value}`);
  return found;
}

interface Component {
  readonly spec: { readonly inputs: Action['inputs'] };
}
type Jobs = Record<
  string,
  { readonly variables: Record<string, string>; readonly script: readonly string[] }
>;

async function onGitLab(given: Inputs, { cwd, env, tell }: Options): Promise<Guarded> {
  const text = await readFile(join(root, 'templates/guard.yml'), 'utf8');
  const [head, body] = parseAllDocuments(text).map((document) => document.toJS());
  const inputs = withDefaults((head as Component).spec.inputs, given);
  const [job] = Object.values(body as Jobs);
  if (!job) throw new Error('templates/guard.yml has no job');
  const variables = Object.entries(job.variables).map(([name, value]) => [
    name,
    value.replace(/\$\[\[ inputs\.(\w+) \]\]/g, (_whole, input: string) => inputs[input] ?? ''),
  ]);
  const done = await bash(job.script.join('\n'), {
    cwd,
    tell,
    env: { CI: 'true', GITLAB_CI: 'true', ...env, ...Object.fromEntries(variables) },
  });
  return { ...done, folder: join(cwd, 'ftplab-report'), uses: [] };
}

function withDefaults(known: Action['inputs'], given: Inputs): Inputs {
  for (const name of Object.keys(given)) if (!(name in known)) throw new Error(`There is no input "${name}"`);
  return Object.fromEntries(
    Object.entries(known).map(([name, { default: usual, required }]) => {
      const value = given[name] ?? usual;
      if (value === undefined || (required && value === ''))
        throw new Error(`The input "${name}" is missing`);
      return [name, value];
    }),
  );
}

/** As both services start bash for a step. */
function bash(
  script: string,
  { cwd, env, tell = false }: { cwd: string; env: NodeJS.ProcessEnv; tell: boolean | undefined },
): Promise<{ status: number | null; output: string }> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, COLUMNS: _columns, ...inherited } = process.env;
  return new Promise((done, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        if (tell) process.stdout.write(chunk);
      });
    child.once('error', reject);
    child.once('close', (status) => done({ status, output }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [service, ...words] = process.argv.slice(2);
  if (service !== 'github' && service !== 'gitlab')
    throw new Error('Name the service first: github or gitlab');
  const inputs = Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  const { status, folder, uses } = await runGuard(service, inputs, { cwd: process.cwd(), tell: true });
  await mkdir(folder, { recursive: true });
  process.stdout.write(
    `${uses.length > 0 ? `Not run here: ${uses.join(', ')}\n` : ''}Files: ${folder}\nStatus: ${status}\n`,
  );
  process.exitCode = status ?? 1;
}
