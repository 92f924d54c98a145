import type { PortRange } from '../../network/topology.ts';
import { type ConfigFile, type FtpService, type Line, numberIn, type Setting, settingOf } from './service.ts';

/** Without a range vsftpd draws from all unprivileged ports itself (vsftpd.conf(5), pasv_min_port). */
const anyPort: PortRange = [1024, 65535];

/** Reads vsftpd.conf: `option=value` without spaces, where the last one of a name counts (vsftpd.conf(5)). */
export function readVsftpd({ path, text }: ConfigFile): FtpService {
  const lines = new Map<string, Line>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, name, value = ''] = /^\s*([a-z_0-9]+)=(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) lines.set(name, { value, at: `${path}:${index + 1}` });
  }
  const bool = (name: string, usual: boolean) =>
    settingOf(lines.get(name), (value) => /^(?:yes|true|1)$/i.test(value), usual);
  const ssl = bool('ssl_enable', false);
  const forced = bool('force_local_logins_ssl', true);
  const ports = ['listen_port', 'pasv_min_port', 'pasv_max_port'] as const;
  const unread = ports.flatMap((name) => {
    const line = lines.get(name);
    return line && Number.isNaN(numberIn(line.value))
      ? [`${line.at}, ${name}=${line.value}: not a number`]
      : [];
  });
  const perUser = lines.get('user_config_dir');
  if (perUser) unread.push(`${perUser.at}, the users' own settings in ${perUser.value}`);
  return {
    daemon: 'vsftpd',
    config: path,
    port: settingOf(lines.get('listen_port'), (value) => numberIn(value) || 21, 21),
    passive: bool('pasv_enable', true),
    active: bool('port_enable', true),
    range: rangeOf(lines),
    usualRange: anyPort,
    announced: settingOf(lines.get('pasv_address'), (value) => value || null, null),
    dataPort: bool('connect_from_port_20', false).value
      ? numberIn(lines.get('ftp_data_port')?.value ?? '20')
      : null,
    tls: ssl.value
      ? { value: forced.value ? 'required' : 'offered', at: ssl.at }
      : { value: 'off', at: ssl.at },
    tlsReuse: bool('require_ssl_reuse', true),
    uploads: uploadsOf(lines, bool('write_enable', false)),
    limits: [],
    sessions: settingOf<number | null>(lines.get('max_clients'), (value) => numberIn(value) || null, null),
    unread,
  };
}

/** vsftpd ignores a bound that lies outside of what the other one leaves (its source, vsf_privop_pasv_listen). */
function rangeOf(lines: ReadonlyMap<string, Line>): Setting<PortRange | null> {
  const [min, max] = [lines.get('pasv_min_port'), lines.get('pasv_max_port')];
  const [low, high] = [numberIn(min?.value ?? ''), numberIn(max?.value ?? '')];
  const first = low > anyPort[0] && low <= anyPort[1] ? low : anyPort[0];
  const last = high >= first && high < anyPort[1] ? high : anyPort[1];
  const at = [min, max].flatMap((line) => line?.at ?? []);
  if (first === anyPort[0] && last === anyPort[1]) return { value: null, at: at.join(', ') || null };
  return { value: [first, last], at: at.join(', ') };
}

/** `write_enable`, unless the lists of commands leave STOR out. */
function uploadsOf(lines: ReadonlyMap<string, Line>, enabled: Setting<boolean>): Setting<boolean> {
  const [denied, allowed] = [lines.get('cmds_denied'), lines.get('cmds_allowed')];
  if (!enabled.value) return enabled;
  if (denied && /\bSTOR\b/i.test(denied.value)) return { value: false, at: denied.at };
  if (allowed && !/\bSTOR\b/i.test(allowed.value)) return { value: false, at: allowed.at };
  return enabled;
}
