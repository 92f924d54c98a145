import { serverDiagnosisText } from '../report/text/server-diagnosis.ts';
import { diagnoseServerSide, type ServerSideRequest } from '../trial/diagnose-server-side.ts';
import type { Context } from './context.ts';
import { exitStatus } from './exit-status.ts';
import { deliver } from './options/documents.ts';

/** Looks at an FTP server from its own side, and shows what breaks uploads there. */
export async function showServerSide(
  request: ServerSideRequest,
  json: string | undefined,
  context: Context,
): Promise<void> {
  const { output } = context;
  const diagnosis = await diagnoseServerSide(request);
  await deliver(output, json, diagnosis, (style) => serverDiagnosisText(diagnosis, style));
  const clean = diagnosis.findings.every(({ outcome }) => outcome === 'some' || outcome === 'note');
  if (!clean) context.status = exitStatus.differs;
}
