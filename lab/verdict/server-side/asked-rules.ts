/* What the host's own rules let through of an upload: the control connection, passive data in, active data out. */
import { firstOf, list } from '../../list.ts';
import { type TransferMode, transferModes } from '../../model/attempt.ts';
import type { FindingCode, ServerFinding } from '../../model/result/server-diagnosis.ts';
import {
  type Answer,
  askForHelper,
  askRules,
  type PacketKind,
  partsOf,
  type RuleAt,
} from '../../policy/ask-rules.ts';
import { keptConfiguration } from '../../policy/fix/generators.ts';
import type { SavedTable } from '../../policy/iptables-save.ts';
import type { HostRules, ServerSide } from './host-facts.ts';
import type { FtpService } from './service.ts';
import { rangeText } from './words.ts';

/** What one part of the look came to: findings, and sentences about what is all right. */
export interface Found {
  readonly findings: Omit<ServerFinding, 'like' | 'cured'>[];
  readonly fine: readonly string[];
}

type Range = readonly [number, number];

const passive: TransferMode[] = ['pasv', 'epsv'];
const activeModes: TransferMode[] = ['port', 'eprt'];

/** The rules about every connection of an upload. */
export function rulesFindings(side: ServerSide): Found {
  const { service, rules } = side;
  if ('why' in rules) return unread(`This machine's own firewall rules were not read: ${rules.why}.`);
  const asked = new Asked(side, rules);
  const found = [controlFound(asked, 'why' in service ? 21 : service.port.value)];
  if (!('why' in service)) {
    if (service.passive.value) found.push(passiveFound(asked, service));
    if (service.active.value) found.push(activeFound(asked, service));
  }
  if (rules.beside.length > 0)
    found.push(
      unread(
        `nft has rules besides those of iptables, and they were not read: table ${list(rules.beside)}.`,
        'What iptables accepts they may still drop. Look at "nft list ruleset".',
      ),
    );
  return {
    findings: found.flatMap(({ findings }) => findings),
    fine: found.flatMap(({ fine }) => fine),
  };
}

function unread(
  found: string,
  change = 'As root: "iptables-save > host.rules"; then add --host-rules host.rules.',
): Found {
  const why = 'A firewall that accepts port 21 and drops the rest lets everybody log in and nobody upload.';
  return {
    findings: [
      { code: 'rules-unread', outcome: 'unknown', modes: [...transferModes], found, where: [], why, change },
    ],
    fine: [],
  };
}

const mostShown = 5;

/** Questions to the rules of one host. */
class Asked {
  readonly tables: readonly SavedTable[];
  readonly #file: string;
  constructor(
    readonly side: ServerSide,
    { file, tables }: HostRules,
  ) {
    this.tables = tables;
    this.#file = file;
  }

  /** A connection in one direction, to a port here or from one: its first packet, and all that follow, both ways. */
  connection(way: PacketKind['way'], state: 'NEW' | 'RELATED', here: Range | null): Answer {
    // Clients' own ports.
    const there: Range = [1024, 65535];
    const kind = (to: PacketKind['way'], of: PacketKind['state']) => ({
      way: to,
      state: of,
      to: to === 'in' ? here : there,
      from: to === 'in' ? there : here,
      own: this.side.machine?.addresses ?? [],
      through: this.side.through,
    });
    const back = way === 'in' ? 'out' : 'in';
    const answers = [kind(way, state), kind(way, 'ESTABLISHED'), kind(back, 'ESTABLISHED')].map((each) =>
      askRules(this.tables, each),
    );
    const decisive =
      answers.find(({ fate }) => fate === 'refused') ?? answers.find(({ fate }) => fate === 'undecided');
    return decisive ?? { fate: 'accepted', by: [], except: answers.flatMap(({ except }) => except) };
  }

  /** Whether the FTP helper is bound to the control connection, by a rule or by the kernel itself. */
  helper(port: number): Answer {
    const { machine, through } = this.side;
    if (machine?.helperByItself && machine.helperLoaded && port === 21)
      return { fate: 'accepted', by: [], except: [] };
    const own = machine?.addresses ?? [];
    return askForHelper(this.tables, { way: 'in', state: 'NEW', to: [port, port], from: null, own, through });
  }

  /** The first few of them. */
  where({ by }: Pick<Answer, 'by'>): string[] {
    const texts = by.map(({ line, text }: RuleAt) => `${this.#file}:${line} ${text}`);
    return firstOf([...new Set(texts)], mostShown, (more) => `${more} more rules`);
  }
}

/** What changes the rules so that they accept packets to some ports. */
function accepting(asked: Asked, range: Range, { by }: Pick<Answer, 'by'>): string {
  const early = by.find(({ table }) => table !== 'filter');
  if (early) return `Change the rule in line ${early.line}: it stands in table ${early.table}, before INPUT.`;
  const ports = rangeText(range).replace('-', ':');
  const program = keptConfiguration(asked.tables)?.program;
  if (program === 'ufw') return `ufw allow ${ports}/tcp.`;
  if (program === 'firewalld')
    return `firewall-cmd --permanent --add-port=${rangeText(range)}/tcp, then firewall-cmd --reload.`;
  return `iptables -I INPUT -p tcp --dport ${ports} -m conntrack --ctstate NEW -j ACCEPT, and the same where the rules are kept.`;
}

/** What could not be told from the rules' texts. */
function undecided(asked: Asked, what: string, modes: TransferMode[], answers: readonly Answer[]): Found {
  const byAddress = answers.length > 0 && answers.every(({ except }) => except.length > 0);
  return {
    findings: [
      {
        code: 'undecided-by-text',
        outcome: 'unknown',
        modes,
        found: byAddress
          ? `Whether ${what} is accepted depends on the client's address.`
          : `Whether ${what} is accepted cannot be decided from the rules' texts alone.`,
        where: asked.where({ by: answers.flatMap(({ by }) => by) }),
        why: '',
        change: `Try it in the lab, where a kernel decides: "ftplab try FILE --on vsftpd".${asked.side.through === null ? ' If rules name an interface, --interface NAME says which one clients come in by.' : ''}`,
      },
    ],
    fine: [],
  };
}

function exceptions(asked: Asked, answers: readonly Answer[]): string {
  const by = answers.flatMap(({ except }) => except);
  return by.length === 0 ? '' : `, except for the clients of ${asked.where({ by }).join('; ')}`;
}

function controlFound(asked: Asked, port: number): Found {
  const answer = asked.connection('in', 'NEW', [port, port]);
  if (answer.fate === 'undecided')
    return undecided(asked, `the control connection (TCP ${port})`, [...transferModes], [answer]);
  if (answer.fate === 'accepted')
    return {
      findings: [],
      fine: [`The rules accept the control connection, TCP ${port}${exceptions(asked, [answer])}.`],
    };
  return {
    findings: [
      {
        code: 'control-closed',
        outcome: 'breaks',
        modes: [...transferModes],
        found: `The rules refuse the control connection, TCP ${port}.`,
        where: asked.where(answer),
        why: 'Nobody can log in.',
        change: accepting(asked, [port, port], answer),
      },
    ],
    fine: [],
  };
}

function passiveFound(asked: Asked, service: FtpService): Found {
  const range = service.range.value ?? service.usualRange;
  const what = `passive data (TCP ${rangeText(range)})`;
  const parts = partsOf(asked.tables, range);
  if (!parts)
    return undecided(asked, `${what}, for which there are too many rules about single ports,`, passive, []);
  const ask = (state: 'NEW' | 'RELATED') =>
    parts.map((part) => ({ part, answer: asked.connection('in', state, part) }));
  const direct = ask('NEW');
  const answers = direct.map(({ answer }) => answer);
  if (answers.every(({ fate }) => fate === 'accepted'))
    return { findings: [], fine: [`The rules accept ${what}${exceptions(asked, answers)}.`] };
  const helper = asked.helper(service.port.value);
  const related = ask('RELATED').map(({ answer }) => answer);
  const takesRelated = related.every(({ fate }) => fate === 'accepted');
  if (helper.fate === 'accepted' && takesRelated) return helped(asked, service, helper);
  const closed = direct.filter(({ answer }) => answer.fate === 'refused');
  const unclear = [
    ...(closed.length === 0 ? answers : []),
    ...(helper.fate === 'undecided' ? [helper] : []),
    ...(helper.fate === 'accepted' ? related : []),
  ].filter(({ fate }) => fate === 'undecided');
  if (unclear.length > 0) return undecided(asked, what, passive, unclear);
  return { findings: [refused(asked, service, range, closed, takesRelated, answers)], fine: [] };
}

/** The range is closed, and no helper opens ports of it. */
function refused(
  asked: Asked,
  service: FtpService,
  range: Range,
  closed: readonly { readonly part: Range; readonly answer: Answer }[],
  takesRelated: boolean,
  answers: readonly Answer[],
): Found['findings'][number] {
  const [first] = closed;
  const where = [
    ...(service.range.at === null ? [] : [service.range.at]),
    ...asked.where({ by: closed.flatMap(({ answer }) => answer.by) }),
  ];
  const open = accepting(asked, range, first?.answer ?? { by: [] });
  const change =
    service.range.value === null
      ? `Set a passive range in ${service.config}, then open it in the rules.`
      : open;
  const shown = closed
    .map(({ part }) => rangeText(part))
    .slice(0, 5)
    .join(', ');
  const base = { outcome: 'breaks', modes: passive, where } as const;
  if (answers.some(({ fate }) => fate === 'accepted'))
    return {
      ...base,
      code: 'range-half-open',
      found: `The server draws passive ports from ${rangeText(range)}, and the rules refuse some of them: ${shown}${closed.length > 5 ? ', ...' : ''}.`,
      why: 'Uploads fail at random: each draws a port, and only some ports are open.',
      change,
    };
  if (takesRelated) {
    const { helperLoaded } = asked.side.machine ?? {};
    return {
      ...base,
      code: 'related-without-helper',
      found: `The rules refuse passive data, TCP ${rangeText(range)}. They accept RELATED connections, but no rule binds the FTP helper to the control connection, so none is RELATED.`,
      why: `${helperLoaded ? 'nf_conntrack_ftp is loaded, but since Linux 6.0 the kernel attaches no helper by itself' : 'Since Linux 6.0 the kernel attaches no helper by itself'}. Login and commands work, listings and uploads are silent.`,
      change:
        service.tls.value === 'required'
          ? change
          : `${change} Or bind the helper, which does not help sessions with TLS: iptables -t raw -I PREROUTING -p tcp --dport ${service.port.value} -j CT --helper ftp`,
    };
  }
  return {
    ...base,
    code: 'range-closed',
    found: `The rules refuse passive data, TCP ${rangeText(range)}.`,
    why: 'Login and commands work, listings and uploads are silent or refused.',
    change,
  };
}

/** The helper opens ports of its own: not those that it cannot read, nor those that 227 names with another address. */
function helped(asked: Asked, service: FtpService, helper: Answer): Found {
  const { tls, announced } = service;
  const own = asked.side.machine?.addresses;
  const isAddress = /^[\d.]+$/.test(announced.value ?? '');
  const by = asked.where(helper);
  const findings: Found['findings'] = [];
  const add = (
    code: FindingCode,
    outcome: ServerFinding['outcome'],
    modes: TransferMode[],
    at: string | null,
    texts: [string, string, string],
  ) => {
    const [found, why, change] = texts;
    findings.push({ code, outcome, modes, where: [...(at === null ? [] : [at]), ...by], found, why, change });
  };
  const open =
    service.range.value === null
      ? `set a passive range in ${service.config}, and open it`
      : accepting(asked, service.range.value, { by: [] });
  if (tls.value !== 'off')
    add('helper-sees-no-tls', tls.value === 'required' ? 'breaks' : 'some', passive, tls.at, [
      `Passive ports are opened by the FTP helper alone, and TLS is ${tls.value}.`,
      'The helper cannot read the reply that names the port in a session with TLS, so the port stays closed.',
      `Open the passive range: ${open}`,
    ]);
  if (announced.value !== null && !own?.includes(announced.value))
    add('helper-sees-other-address', own && isAddress ? 'breaks' : 'unknown', ['pasv'], announced.at, [
      `Passive ports are opened by the FTP helper alone, and 227 names ${announced.value}, ${own && isAddress ? "which is not this machine's own address" : "which may not be the machine's own address"}.`,
      'The helper of Linux expects no connection if the reply names another address than it comes from (nf_conntrack_ftp, loose=0). EPSV works.',
      `Open the passive range: ${open}`,
    ]);
  return {
    findings,
    fine: [
      `The rules bind the FTP helper to the control connection (${by.join('; ') || 'by the kernel itself'}) and accept RELATED: negotiated passive ports are open, without TLS.`,
    ],
  };
}

function activeFound(asked: Asked, service: FtpService): Found {
  const here: Range | null = service.dataPort === null ? null : [service.dataPort, service.dataPort];
  const what = `active data (from TCP ${service.dataPort ?? 'any port'} to clients)`;
  const direct = asked.connection('out', 'NEW', here);
  if (direct.fate === 'accepted')
    return { findings: [], fine: [`The rules accept ${what}${exceptions(asked, [direct])}.`] };
  const helper = asked.helper(service.port.value);
  const related = asked.connection('out', 'RELATED', here);
  if (helper.fate === 'accepted' && related.fate === 'accepted')
    return { findings: [], fine: [`The rules accept ${what} as RELATED, without TLS.`] };
  if (direct.fate === 'undecided' || helper.fate === 'undecided' || related.fate === 'undecided')
    return undecided(
      asked,
      what,
      activeModes,
      [direct, helper, related].filter(({ fate }) => fate === 'undecided'),
    );
  return {
    findings: [
      {
        code: 'active-closed',
        outcome: 'breaks',
        modes: activeModes,
        found: `The rules refuse ${what}.`,
        where: asked.where(direct),
        why: 'In active mode the server calls the client, which these rules do not let it do.',
        change: `If clients need active mode: iptables -I OUTPUT -p tcp${here ? ` --sport ${here[0]}` : ''} --dport 1024:65535 -m conntrack --ctstate NEW -j ACCEPT`,
      },
    ],
    fine: [],
  };
}
