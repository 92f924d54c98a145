import type { Command } from 'commander';
import { called, type Names } from '../../model/names.ts';
import { headed } from '../../model/origin.ts';
import type { LabStatus } from '../../model/result/status.ts';
import { firewallNames, machineNames, subnetNames } from '../../network/topology.ts';
import { oneOf } from '../../one-of.ts';
import type { Context } from '../context.ts';
import { addJsonOption, deliver } from '../options/documents.ts';

/** Formats in which the network can be drawn. */
export const graphFormats = ['mermaid', 'dot', 'svg'] as const;

interface StatusOptions {
  readonly graph?: (typeof graphFormats)[number];
  readonly json?: string;
}

/** `status`: the labs on the engine, with their hosts; with `--graph`, a drawing of the network. */
export function addStatus(program: Command, context: Context): void {
  const command = program
    .command('status')
    .description('show the labs on this engine (or the one given by --name) with their hosts')
    .option(
      '--graph <format>',
      `draw the network instead, as ${graphFormats.join(', ')}; uses the addresses of a first lab and needs no engine`,
      (text: string) => oneOf('format', text, graphFormats),
    )
    .action(async ({ graph, json }: StatusOptions, command: Command) => {
      const { output } = context;
      if (graph !== undefined) return output.document(await drawing(graph, context.names));
      const { chosenEngine } = await import('../late-imports.ts');
      const { identityOf, originOf } = await import('../../trial/origin-of.ts');
      const named = command.parent?.getOptionValueSource('name') === 'cli';
      const engine = await chosenEngine(context);
      const labs = (await engine.labs()).filter((lab) => !named || lab.name === context.name);
      const none = named ? `${context.name} is not up.` : 'No lab is up.';
      const result = { ...headed('status', originOf(identityOf(engine), [], context.names)), labs };
      await deliver(
        output,
        json,
        result,
        () => labs.map((lab) => inWords(lab, context.names)).join('\n\n') || none,
      );
    });
  addJsonOption(command);
}

async function drawing(format: (typeof graphFormats)[number], names: Names): Promise<string> {
  const { addressPlan } = await import('../../network/address-plan.ts');
  const { diagramOf } = await import('../../report/text/diagram.ts');
  const { dot, mermaid } = await import('../../report/text/graph.ts');
  const { networkSvg } = await import('../../report/svg/network-svg.ts');
  const svg = (diagram: ReturnType<typeof diagramOf>) => networkSvg(diagram, { standalone: true });
  return { mermaid, dot, svg }[format](diagramOf(addressPlan(0), names));
}

/** The hosts that a lab of the network in use has; none for a lab of another network, of which nobody knows what is missing. */
function expectedHosts({ networks }: LabStatus): readonly string[] {
  const isOther = networks.some(({ subnet }) => !subnetNames().includes(subnet));
  return isOther ? [] : [...firewallNames(), ...machineNames()];
}

function inWords(lab: LabStatus, names: Names): string {
  const { name, networks, hosts: found } = lab;
  const hosts = found.map((one) => ({ ...one, title: called(one.host, names) }));
  const running = hosts.filter(({ state }) => state === 'running').length;
  const missing = expectedHosts(lab)
    .filter((expected) => hosts.every(({ host }) => host !== expected))
    .map((host) => called(host, names));
  const width = Math.max(
    ...[...hosts.map(({ title }) => title), ...missing, ...networks.map(({ subnet }) => subnet)].map(
      ({ length }) => length,
    ),
  );
  return [
    `${name}: ${running} of ${hosts.length + missing.length} hosts running`,
    ...networks.map(({ subnet, cidrs }) => `  ${subnet.padEnd(width)}  network  ${cidrs.join(', ')}`),
    ...hosts.map(
      ({ title, state, addresses }) => `  ${title.padEnd(width)}  ${state}  ${addresses.join(', ')}`,
    ),
    ...missing.map((host) => `  ${host.padEnd(width)}  missing  "ftplab up" repairs the lab`),
  ].join('\n');
}
