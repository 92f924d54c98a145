import type { PortRange } from '../../network/topology.ts';
import { type ConfigFile, type FtpService, type Line, numberIn, settingOf } from './service.ts';

/** Options of pure-ftpd(8) by the names that its configuration has for them. */
const options: Readonly<Record<string, string>> = {
  p: 'PassivePortRange',
  passiveportrange: 'PassivePortRange',
  P: 'ForcePassiveIP',
  forcepassiveip: 'ForcePassiveIP',
  Y: 'TLS',
  tls: 'TLS',
  c: 'MaxClientsNumber',
  maxclientsnumber: 'MaxClientsNumber',
  S: 'Bind',
  bind: 'Bind',
  N: 'NATmode',
  natmode: 'NATmode',
  n: 'Quota',
  quota: 'Quota',
  k: 'MaxDiskUsage',
  maxdiskusagepct: 'MaxDiskUsage',
};

/** Reads Debian's folder with a file for each option. */
export function readPureFtpdFolder(folder: string, files: readonly ConfigFile[]): FtpService {
  const lines = files.flatMap(({ path, text }) => {
    const value = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#'));
    return value === undefined
      ? []
      : [[path.slice(path.lastIndexOf('/') + 1), { value: value.trim(), at: path }] as const];
  });
  return serviceOf(folder, new Map(lines));
}

/** Reads pure-ftpd.conf, an option and its value on each line. */
export function readPureFtpdFile({ path, text }: ConfigFile): FtpService {
  const lines = text.split(/\r?\n/).flatMap((line, index) => {
    const [, name, value = ''] = /^\s*([A-Za-z]\w*)\s+(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, { value, at: `${path}:${index + 1}` }] as const];
  });
  return serviceOf(path, new Map(lines));
}

/** Reads a command line: `pure-ftpd -p 50000:50100 --forcepassiveip=203.0.113.9`. */
export function readPureFtpdCommand({ path, text }: ConfigFile): FtpService {
  const words = text.trim().split(/[\s\0]+/);
  const lines = new Map<string, Line>();
  for (const [index, word] of words.entries()) {
    const [, long, given] = /^--(\w+)(?:=(.*))?$/.exec(word) ?? [];
    const [, short, joined] = /^-([A-Za-z])(.*)$/.exec(word) ?? [];
    const name = options[long ?? short ?? ''];
    if (name === undefined) continue;
    const next = words[index + 1] ?? '';
    const value = given ?? (joined || (next.startsWith('-') ? '' : next));
    lines.set(name, { value, at: `${path}, ${word}` });
  }
  return serviceOf(path, lines);
}

/** Without a range Pure-FTPd draws from all unprivileged ports (pure-ftpd(8), -p). */
const anyPort: PortRange = [1024, 65535];

function serviceOf(config: string, lines: ReadonlyMap<string, Line>): FtpService {
  const quotas = ['Quota', 'MaxDiskUsage'].flatMap((name) => {
    const line = lines.get(name);
    return line ? [`${line.at} ${name} ${line.value}`] : [];
  });
  const isOn = (value: string) => value === '' || /^(?:yes|on|true|1)$/i.test(value);
  const nat = lines.get('NATmode');
  return {
    daemon: 'Pure-FTPd',
    config,
    port: settingOf(lines.get('Bind'), (value) => numberIn(value.split(',').at(-1)?.trim() ?? '') || 21, 21),
    passive: nat && isOn(nat.value) ? { value: false, at: nat.at } : { value: true, at: null },
    active: { value: true, at: null },
    range: settingOf<PortRange | null>(
      lines.get('PassivePortRange'),
      (value) => {
        const [first = NaN, last = NaN] = value.split(/[\s:]+/).map(numberIn);
        return first <= last ? [first, last] : null;
      },
      null,
    ),
    usualRange: anyPort,
    announced: settingOf<string | null>(lines.get('ForcePassiveIP'), (value) => value || null, null),
    dataPort: 20,
    tls: settingOf(
      lines.get('TLS'),
      (value) => (numberIn(value) >= 2 ? ('required' as const) : numberIn(value) === 1 ? 'offered' : 'off'),
      'off',
    ),
    tlsReuse: { value: false, at: null },
    uploads: { value: true, at: null },
    limits: quotas,
    sessions: settingOf<number | null>(
      lines.get('MaxClientsNumber'),
      (value) => numberIn(value) || null,
      null,
    ),
    unread: [],
  };
}
