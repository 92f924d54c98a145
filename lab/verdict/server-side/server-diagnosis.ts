import { type TransferMode, transferModes } from '../../model/attempt.ts';
import type { FindingCode, ServerDiagnosis, ServerFinding } from '../../model/result/server-diagnosis.ts';
import { announcedFindings } from './announced.ts';
import { type Found, rulesFindings } from './asked-rules.ts';
import type { ServerSide } from './host-facts.ts';
import { alike } from './like.ts';
import type { FtpService } from './service.ts';
import { rangeText } from './words.ts';

/** What nobody on the server's machine can see. */
const elsewhere = [
  'firewalls between the clients and this machine ("ftplab diagnose ftp://USER@HOST" from a client tries them)',
  'permissions, quotas and space of the folders that users upload to',
];

/** What the server's own machine, or its files, say about uploads. */
export function serverDiagnosisOf(side: ServerSide): ServerDiagnosis {
  const { service, rules, machine, seenAt, unread } = side;
  const parts: Found[] = [
    'why' in service ? noConfig(service.why) : serviceFound(service),
    listeningFound(side),
    rulesFindings(side),
    ...('why' in service ? [] : [announcedFindings(side, service)]),
  ];
  const findings = parts
    .flatMap(({ findings }) => findings)
    .map((finding) => {
      const { like, cured } = alike[finding.code];
      return { ...finding, like: [...like], cured: [...cured] };
    });
  return {
    machine: machine !== null,
    server: 'why' in service ? null : serverOf(service),
    rules: 'why' in rules ? null : rules.file,
    seenAt,
    findings: order.flatMap((outcome) => findings.filter((finding) => finding.outcome === outcome)),
    fine: parts.flatMap(({ fine }) => fine),
    unseen: [...unread, ...('why' in service ? [] : service.unread), ...elsewhere],
  };
}

function serverOf({ daemon, config, port, range, announced, tls }: FtpService): ServerDiagnosis['server'] {
  return {
    daemon,
    config,
    port: port.value,
    range: range.value && [...range.value],
    announced: announced.value,
    tls: tls.value,
  };
}

const order: readonly ServerFinding['outcome'][] = ['breaks', 'unknown', 'some', 'note'];

/** What the findings come to in a transfer mode; `null` if nothing that was looked at is in the way. */
export function outcomeIn(
  mode: TransferMode,
  findings: readonly ServerFinding[],
): Exclude<ServerFinding['outcome'], 'note'> | null {
  const own = findings.filter(({ modes }) => modes.includes(mode)).map(({ outcome }) => outcome);
  return (['breaks', 'unknown', 'some'] as const).find((outcome) => own.includes(outcome)) ?? null;
}

function noConfig(why: string): Found {
  return {
    findings: [
      {
        code: 'config-unread',
        outcome: 'unknown',
        modes: [...transferModes],
        found: `The FTP server's configuration was not read: ${why}. Neither its passive range nor the address that it announces is known.`,
        where: [],
        why: '',
        change:
          'Name one that you may read: --server-config FILE (vsftpd.conf, proftpd.conf, pure-ftpd.conf, or the folder /etc/pure-ftpd/conf).',
      },
    ],
    fine: [],
  };
}

function serviceFound(service: FtpService): Found {
  const { uploads, limits, passive, active, tls, tlsReuse, range, sessions, daemon } = service;
  const findings: Found['findings'] = [];
  const add = (
    code: FindingCode,
    outcome: ServerFinding['outcome'],
    modes: readonly TransferMode[],
    at: readonly (string | null)[],
    [found, why, change]: readonly [found: string, why: string, change: string],
  ) =>
    findings.push({
      code,
      outcome,
      modes: [...modes],
      found,
      where: at.filter((each) => each !== null),
      why,
      change,
    });
  if (!uploads.value)
    add(
      'uploads-off',
      'breaks',
      transferModes,
      [uploads.at],
      [
        uploads.at === null
          ? `${daemon} takes no uploads: write_enable is not set, and its default is NO.`
          : `${daemon} takes no uploads: its configuration leaves STOR out.`,
        'The server answers STOR with 550, in every mode; the login and listings work.',
        'Set write_enable=YES, allow STOR in cmds_allowed and cmds_denied, and restart vsftpd.',
      ],
    );
  if (limits.length > 0)
    add('uploads-limited', 'some', transferModes, limits, [
      'The configuration refuses some uploads.',
      'Whom it concerns gets a 5xx reply to STOR, in every mode.',
      'Look whether it concerns the customer of the ticket.',
    ]);
  if (!passive.value)
    add(
      'passive-off',
      'breaks',
      ['pasv', 'epsv'],
      [passive.at],
      [
        'The server refuses passive mode.',
        'Most clients begin with it, and those behind NAT have no other.',
        'Switch passive mode on, and give it a range of ports.',
      ],
    );
  if (!active.value)
    add(
      'active-off',
      'breaks',
      ['port', 'eprt'],
      [active.at],
      [
        'The server refuses active mode.',
        'Clients that use PORT or EPRT cannot upload.',
        'Tell them to use passive mode, or set port_enable=YES.',
      ],
    );
  if (tls.value !== 'off' && tlsReuse.value)
    add(
      'tls-session-reuse',
      'some',
      transferModes,
      [tlsReuse.at, tls.at],
      [
        'Over TLS the server takes a data connection only if it resumes the TLS session of the control connection.',
        'Clients that do not resume it get 522 or 425 for each upload; many do not.',
        daemon === 'vsftpd'
          ? 'If such clients have to be served: require_ssl_reuse=NO.'
          : 'If such clients have to be served: TLSOptions NoSessionReuseRequired.',
      ],
    );
  const size = range.value ? range.value[1] - range.value[0] + 1 : null;
  const needed = sessions.value ?? 10;
  if (size !== null && size < needed)
    add(
      'range-narrow',
      'some',
      ['pasv', 'epsv'],
      [range.at, sessions.at],
      [
        `The passive range has ${size === 1 ? 'one port' : `${size} ports`}${sessions.value === null ? '' : `, for ${sessions.value} sessions`}.`,
        `Each transfer needs one of its own: one more at the same time gets 425 or waits.`,
        'Widen the range, in the firewalls too.',
      ],
    );
  if (range.value === null)
    add(
      'range-unset',
      'note',
      ['pasv', 'epsv'],
      [range.at],
      [
        `No passive range is set: data connections go to any port of ${rangeText(service.usualRange)}.`,
        'No firewall on the way can open that without the FTP access filter, and the filter cannot read TLS.',
        `Set one, such as ${daemon === 'vsftpd' ? 'pasv_min_port=50000 and pasv_max_port=50100' : daemon === 'ProFTPD' ? 'PassivePorts 50000 50100' : 'PassivePortRange "50000 50100"'}, and open it in the firewalls.`,
      ],
    );
  return {
    findings,
    fine: uploads.value ? [`The configuration of ${daemon} takes uploads (${service.config}).`] : [],
  };
}

/** Whether anything listens where the configuration says. */
function listeningFound({ service, machine }: ServerSide): Found {
  if (!machine) return { findings: [], fine: [] };
  const { port, at } =
    'why' in service ? { port: 21, at: null } : { port: service.port.value, at: service.port.at };
  const own = machine.listening.filter((socket) => socket.port === port);
  const outside = own.filter(({ address }) => !address.startsWith('127.'));
  if (outside.length > 0) return { findings: [], fine: [`Something listens on TCP port ${port}.`] };
  const inside = own.map(({ address }) => address);
  return {
    findings: [
      {
        code: 'not-listening',
        outcome: own.length > 0 ? 'breaks' : 'unknown',
        modes: [...transferModes],
        found:
          own.length > 0
            ? `Only ${inside.join(', ')} listens on TCP port ${port}, so nobody else can connect.`
            : `Nothing listens on TCP port ${port} of this machine.`,
        where: at === null ? [] : [at],
        why:
          own.length > 0
            ? ''
            : 'If customers can log in, the server is another machine, container or network namespace, or has another port.',
        change:
          own.length > 0
            ? "Let it listen on the machine's own address."
            : 'Run this where the server runs, and name its configuration: --server-config FILE.',
      },
    ],
    fine: [],
  };
}
