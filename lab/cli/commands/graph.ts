import type { Command } from 'commander';
import { addressPlan } from '../../network/address-plan.ts';
import { networkSvg } from '../../report/svg/network-svg.ts';
import { diagramOf } from '../../report/text/diagram.ts';
import { dot, mermaid } from '../../report/text/graph.ts';
import { type Context, oneOf } from '../context.ts';

export const graphFormats = ['mermaid', 'dot', 'svg'] as const;

/** `graph`: the network of the lab as a drawing for documents. Needs no engine. */
export function addGraph(program: Command, context: Context): void {
  program
    .command('graph')
    .description(
      'the network as a drawing: Mermaid, DOT or SVG (with the addresses of a first lab; "status" shows those of labs that are up)',
    )
    .option('--format <format>', graphFormats.join(', '), 'mermaid')
    .action(({ format }: { format: string }) => {
      const diagram = diagramOf(addressPlan(0));
      switch (oneOf('format', format, graphFormats)) {
        case 'mermaid':
          return context.output.document(mermaid(diagram));
        case 'dot':
          return context.output.document(dot(diagram));
        case 'svg':
          return context.output.document(networkSvg(diagram, { standalone: true }));
      }
    });
}
