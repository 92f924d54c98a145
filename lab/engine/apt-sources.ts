/** Options of a one-line entry that decide whether apt trusts the archive (sources.list(5)). */
const kept = ['signed-by', 'trusted'];

interface Entry {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Those of a machine's apt sources that are Debian's own archive of a release, as one-line entries (sources.list(5)),
 * each once. `files` are the contents of /etc/apt/sources.list and sources.list.d by file name: `.list` is one line an
 * entry, `.sources` is deb822. Another repository has other suites, or lacks Debian's component `main`.
 */
export function debianSources(files: Readonly<Record<string, string>>, release: string): string[] {
  const suites = [release, `${release}-updates`, `${release}-security`];
  const lines = Object.entries(files).flatMap(([name, text]) =>
    (name.endsWith('.sources') ? deb822(text) : oneLine(text))
      .filter(({ types, components }) => types.includes('deb') && components.includes('main'))
      .flatMap((entry) => entry.uris.flatMap((uri) => render(entry, uri, suites))),
  );
  return [...new Set(lines)];
}

function render({ suites, options }: Entry, uri: string, wanted: readonly string[]): string[] {
  // Other repositories use Debian's suite names too, but sign with keys of their own.
  const key = options['signed-by'] ?? 'debian';
  const embedded = /\s/.test(key);
  if (!embedded && !key.includes('debian')) return [];
  if (!/^https?:.*\/debian[^/]*(\/\d+T\d+Z)?\/?$/.test(uri)) return [];
  const bracket = kept
    .filter((name) => options[name] !== undefined && !(name === 'signed-by' && embedded))
    .map((name) => `${name}=${options[name]}`)
    .join(' ');
  return suites
    .filter((suite) => wanted.includes(suite))
    .map((suite) => `deb ${bracket && `[${bracket}] `}${uri} ${suite} main`);
}

function oneLine(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line);
    if (!match) return [];
    const [, type = '', options = '', uri = '', suite = '', components = ''] = match;
    return {
      types: [type],
      uris: [uri],
      suites: [suite],
      components: words(components),
      options: Object.fromEntries(words(options).map((option) => option.split('=', 2) as [string, string])),
    };
  });
}

function deb822(text: string): Entry[] {
  const withoutComments = text.replace(/^#.*\n?/gm, '');
  return withoutComments.split(/\n[ \t]*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const [, name = '', value = ''] of stanza.matchAll(/^([\w-]+):((?:.*)(?:\n[ \t].*)*)/gm))
      fields.set(name.toLowerCase(), value.trim());
    if (/^(no|false|off|0)$/i.test(fields.get('enabled') ?? 'yes')) return [];
    const list = (name: string) => words(fields.get(name) ?? '');
    return {
      types: list('types'),
      uris: list('uris'),
      suites: list('suites'),
      components: list('components'),
      options: Object.fromEntries(
        kept.flatMap((name) => (fields.has(name) ? [[name, fields.get(name) ?? '']] : [])),
      ),
    };
  });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
