import type { PortRange } from '../../network/topology.ts';
import { type ConfigFile, type FtpService, type Line, numberIn, settingOf } from './service.ts';

/** The files that an `Include` names; `null` if they cannot be read. */
export type Include = (pattern: string) => readonly ConfigFile[] | null;

/** Blocks whose directives hold for the main server (ProFTPD's "Configuration Contexts"). */
const transparent = ['global', 'ifmodule', 'ifdefine'];

/** Without PassivePorts the kernel chooses (mod_core, PassivePorts): Linux' own range, ip_local_port_range. */
const kernelsRange: PortRange = [32768, 60999];

interface Read {
  readonly lines: Map<string, Line>;
  readonly options: Line[];
  readonly limits: string[];
  readonly unread: string[];
}

/** Reads proftpd.conf for its main server: what stands in blocks for other servers, folders or users is only named. */
export function readProftpd(file: ConfigFile, include: Include): FtpService {
  const read: Read = { lines: new Map(), options: [], limits: [], unread: [] };
  readFile(file, include, read, [file.path]);
  const { lines, limits, unread } = read;
  const tls = lines.get('tlsengine');
  const required = lines.get('tlsrequired');
  const noReuse = read.options.find(({ value }) => /\bNoSessionReuseRequired\b/i.test(value));
  const isOn = (value: string) => /^(?:on|yes|true|1)$/i.test(value);
  return {
    daemon: 'ProFTPD',
    config: file.path,
    port: settingOf(lines.get('port'), (value) => numberIn(value) || 21, 21),
    passive: { value: true, at: null },
    active: { value: true, at: null },
    range: settingOf<PortRange | null>(
      lines.get('passiveports'),
      (value) => {
        const [first = NaN, last = NaN] = value.split(/\s+/).map(numberIn);
        return first <= last ? [first, last] : null;
      },
      null,
    ),
    usualRange: kernelsRange,
    announced: settingOf<string | null>(lines.get('masqueradeaddress'), (value) => value, null),
    dataPort: (numberIn(lines.get('port')?.value ?? '') || 21) - 1,
    tls:
      tls && isOn(tls.value)
        ? {
            value: required && !/^(?:off|no|false|0)$/i.test(required.value) ? 'required' : 'offered',
            at: required?.at ?? tls.at,
          }
        : { value: 'off', at: tls?.at ?? null },
    tlsReuse: { value: !noReuse, at: noReuse?.at ?? null },
    uploads: { value: true, at: null },
    limits,
    sessions: settingOf<number | null>(
      lines.get('maxclients') ?? lines.get('maxinstances'),
      (value) => numberIn(value.split(/\s+/)[0] ?? '') || null,
      null,
    ),
    unread,
  };
}

function readFile(file: ConfigFile, include: Include, read: Read, above: readonly string[]): void {
  const blocks: { readonly name: string; readonly argument: string }[] = [];
  const text = file.text.replaceAll(/\\\r?\n/g, '  ');
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const at = `${file.path}:${index + 1}`;
    const [, ends, tag, argument = ''] = /^<(\/?)(\w+)\s*([^>]*)>/.exec(line) ?? [];
    if (tag !== undefined) {
      if (ends) blocks.pop();
      else {
        blocks.push({ name: tag.toLowerCase(), argument });
        if (!transparent.includes(tag.toLowerCase()) && !/^(?:limit|directory|anonymous)$/i.test(tag))
          read.unread.push(`${at}, the block ${line}`);
        if (/^ifdefine$/i.test(tag))
          read.unread.push(`${at}: whether ${argument} is defined; taken as if it were`);
      }
      continue;
    }
    const [name = '', ...words] = line.split(/\s+/);
    const value = words.join(' ').replace(/^"(.*)"$/, '$1');
    const limit = blocks.find((block) => block.name === 'limit');
    if (limit && /^denyall$/i.test(name) && /\b(?:write|stor|all)\b/i.test(limit.argument))
      read.limits.push(`${at} DenyAll in <Limit ${limit.argument}>${within(blocks)}`);
    const absent = blocks.some((block) => block.name === 'ifmodule' && block.argument.startsWith('!'));
    if (absent || !blocks.every((block) => transparent.includes(block.name))) continue;
    if (name.toLowerCase() === 'include') included(value, at, include, read, above);
    else if (name.toLowerCase() === 'tlsoptions') read.options.push({ value, at });
    else read.lines.set(name.toLowerCase(), { value, at });
  }
}

function within(blocks: readonly { readonly name: string; readonly argument: string }[]): string {
  const outer = blocks.findLast(({ name }) => name === 'anonymous' || name === 'directory');
  return outer ? ` of <${outer.name === 'anonymous' ? 'Anonymous' : 'Directory'} ${outer.argument}>` : '';
}

function included(pattern: string, at: string, include: Include, read: Read, above: readonly string[]): void {
  const files = above.length > 8 ? null : include(pattern);
  if (!files) read.unread.push(`${at}, Include ${pattern}`);
  for (const file of files ?? [])
    if (!above.includes(file.path)) readFile(file, include, read, [...above, file.path]);
}
