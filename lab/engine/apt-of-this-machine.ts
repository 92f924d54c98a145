import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The machine's apt sources by file name. A list of mirrors in a separate file is replaced by its first mirror. */
export function hostSources(): Record<string, string> {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name))
    : [];
  const files = ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))].filter(existsSync);
  return Object.fromEntries(files.map((file) => [file, withFirstMirror(readFileSync(file, 'utf8'))]));
}

function withFirstMirror(text: string): string {
  return text.replace(/mirror\+file:(?:\/\/)?(\S+)/g, (whole, file: string) => {
    if (!existsSync(file)) return whole;
    return readFileSync(file, 'utf8').match(/^[^#\s]\S*/m)?.[0] ?? whole;
  });
}

/** How this machine's apt reaches its mirrors (apt.conf(5)); the image will need it too. */
export function aptOptions(): string[] {
  const settings = execFileSync('apt-config', ['dump'], { encoding: 'utf8' });
  return settings
    .split('\n')
    .filter((line) => /^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date)\b.* "[^"]+";$/.test(line))
    .map((line) => `--aptopt=${line}`);
}
