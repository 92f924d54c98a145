/**
 * Writes docs/clients.md from the lab: which client programs upload under which rule set, and what each prints if
 * nothing cuts its wait short. Takes twenty minutes, nearly all of it waiting.
 */
import { writeFile } from 'node:fs/promises';
import { AgentConnection } from '../lab/attempt/agent-connection.ts';
import { findEngine } from '../lab/engine/find-engine.ts';
import { cellsOf, runScenario, scenarios, startLab } from '../lab/index.ts';
import { type DriverName, driverNames, type TransferMode } from '../lab/model/attempt.ts';
import { clientPrograms } from '../lab/model/drivers.ts';
import { withCells } from '../lab/model/scenario.ts';
import { addressOf } from '../lab/network/address-plan.ts';
import { ftpAccount } from '../lab/network/topology.ts';
import { clientsPage, type PatientUpload } from './clients-page.ts';

const client = 'y-workstation';
const server = 'vsftpd';

/** Longer than any of them waits by itself, in milliseconds; basic-ftp gets its own default timeout. */
const patience = 15 * 60_000;
const basicFtpTimeout = 30_000;

const engine = await findEngine();
await using lab = await startLab({ name: 'clients', progress: (message) => console.error(message) });
const at = { lab: 'clients', host: client };

/** The scenarios' cells of these two hosts, in the modes that the programs choose by themselves. */
const withPrograms = scenarios.flatMap((scenario) => {
  const cells = cellsOf(scenario).filter(
    ({ key }) => key.client === client && key.server === server && !key.tls,
  );
  if (!cells.some(({ key }) => key.driver !== driverNames[0] && !key.ipv6 && !key.named)) return [];
  const shown = ({ driver, mode }: { driver: DriverName; mode: TransferMode }) =>
    clientPrograms.includes(driver) && (driver !== driverNames[0] || mode === 'pasv' || mode === 'port');
  return [
    withCells(
      scenario,
      cells.filter(({ key }) => shown(key)),
    ),
  ];
});

const cells = [];
for (const scenario of withPrograms) cells.push(...(await runScenario(lab, scenario)));

const patient: PatientUpload[] = [];
for (const scenario of withPrograms.filter(
  ({ name }) => name === 'as-reported' || name === 'ftp-filter-read-only',
)) {
  await lab.load(scenario.ruleSet);
  const agent = await AgentConnection.open(client, async ({ onLine, onClosed }) => {
    const stream = await engine.open(at, ['node', '/opt/ftplab/agent.cjs'], onLine);
    void stream.closed.then(({ code }) => onClosed(`status ${code}`));
    return stream;
  });
  // In active mode the lab's addition speaks, not basic-ftp.
  const own = cellsOf(scenario).filter(({ key }) => key.driver !== driverNames[0] || key.mode === 'pasv');
  const uploads = own.map(async ({ key: { driver, mode } }): Promise<PatientUpload> => {
    console.error(`${driver} in ${mode} under ${scenario.name}: waiting`);
    const { steps } = await agent.attempt(
      {
        id: `${driver}-${mode}`,
        driver,
        tls: false,
        host: addressOf(lab.plan, server),
        port: 21,
        user: ftpAccount.user,
        password: ftpAccount.password,
        mode,
        smallBytes: 1024,
        largeBytes: 1024,
        retrieveFile: ftpAccount.retrieveFile,
        retrieveBytes: ftpAccount.retrieveBytes,
        patienceMs: driver === driverNames[0] ? basicFtpTimeout : patience,
      },
      () => undefined,
    );
    const store = steps.find(({ name }) => name === 'store-small');
    if (!store) throw new Error(`${driver} made no upload`);
    console.error(`${driver} in ${mode} under ${scenario.name}: ${store.reply}`);
    const { outcome, ms, reply, program } = store;
    return {
      driver,
      mode,
      ruleSet: scenario.name,
      uploaded: outcome === 'ok',
      seconds: ms / 1000,
      reply,
      program,
    };
  });
  patient.push(...(await Promise.all(uploads)));
  agent.close();
}

const syn = await engine.run(at, ['cat', '/proc/sys/net/ipv4/tcp_syn_retries']);
const packages = ['curl', 'lftp', 'tnftp', 'python3.11-minimal'];
const query = ['dpkg-query', '--show', '--showformat', '$' + '{Package} $' + '{Version}\n', ...packages];
const { stdout } = await engine.run(at, query);
const byDriver = driverNames.flatMap((name) => patient.filter(({ driver }) => driver === name));
const page = clientsPage({
  packages: stdout.trim().split('\n'),
  cells,
  patient: byDriver,
  synRetries: Number(syn.stdout),
});
await writeFile(new URL('clients.md', import.meta.url), page);
