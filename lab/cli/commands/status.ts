import type { Command } from 'commander';
import type { LabStatus } from '../../engine/engine.ts';
import { firewallNames, hosts as hostDefinitions } from '../../network/topology.ts';
import type { Context } from '../context.ts';

/** `status`: the labs that there are, with their hosts. */
export function addStatus(program: Command, context: Context): void {
  program
    .command('status')
    .description('show the labs on this engine (or the one given by --name) with their hosts')
    .option('--json', 'as a JSON document')
    .action(async ({ json }: { json?: true }, command: Command) => {
      const { chosenEngine } = await import('../engine.ts');
      const named = command.parent?.getOptionValueSource('name') === 'cli';
      const labs = (await (await chosenEngine(context)).labs()).filter(
        (lab) => !named || lab.name === context.name,
      );
      if (json) context.output.document(`${JSON.stringify({ version: 1, labs }, null, 2)}\n`);
      else if (labs.length === 0)
        context.output.result(named ? `${context.name} is not up.` : 'No lab is up.');
      else context.output.result(labs.map(inWords).join('\n\n'));
    });
}

/** Hosts that a lab of today's source has. */
const expectedHosts: readonly string[] = [...firewallNames, ...Object.keys(hostDefinitions)];

function inWords({ name, networks, hosts }: LabStatus): string {
  const running = hosts.filter(({ state }) => state === 'running').length;
  const missing = expectedHosts.filter((expected) => hosts.every(({ host }) => host !== expected));
  const width = Math.max(
    ...[...hosts.map(({ host }) => host), ...missing, ...networks.map(({ subnet }) => subnet)].map(
      ({ length }) => length,
    ),
  );
  return [
    `${name}: ${running} of ${hosts.length + missing.length} hosts running`,
    ...networks.map(({ subnet, cidrs }) => `  ${subnet.padEnd(width)}  network  ${cidrs.join(', ')}`),
    ...hosts.map(
      ({ host, state, addresses }) => `  ${host.padEnd(width)}  ${state}  ${addresses.join(', ')}`,
    ),
    ...missing.map((host) => `  ${host.padEnd(width)}  missing  "ftplab up" repairs the lab`),
  ].join('\n');
}
