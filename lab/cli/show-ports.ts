import { oneHostOf } from '../model/names.ts';
import type { PortsResult } from '../model/result/ports.ts';
import { allServerNames } from '../network/topology.ts';
import { portsText } from '../report/text/ports.ts';
import { askLabPorts, askServerPorts } from '../trial/ask-ports.ts';
import type { Context } from './context.ts';
import { exitStatus } from './exit-status.ts';
import { inView } from './in-view.ts';
import { deliver } from './options/documents.ts';
import { readPassword } from './password.ts';

/** Asks a server, by its URL or by its name in the lab, for passive ports, and shows them. */
export async function showPorts(
  server: string,
  { count, json }: { readonly count?: number; readonly json?: string },
  context: Context,
): Promise<void> {
  const { output, interruption } = context;
  const counted = count === undefined ? {} : { count };
  const show = async (asked: PortsResult) => {
    await deliver(output, json, asked, (style) => portsText(asked, style));
    const { ports, failure } = asked;
    if (ports.length === 0 || failure !== null) context.status = exitStatus.differs;
  };
  if (!/[@/]/.test(server)) {
    const name = oneHostOf('server', server, allServerNames(), context.names);
    await inView(context, {}, (view) => askLabPorts(name, { ...view, ...counted }), show);
    return;
  }
  await show(
    await askServerPorts(server, {
      ...counted,
      password: ({ user, host }) => readPassword(user, host, context),
      progress: (message) => output.progress(message),
      signal: interruption.signal,
    }),
  );
}
