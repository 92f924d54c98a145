/*
 * What the user calls the lab's hosts. Inside, a host has one name, the lab's own; results keep it in every field and hold this table
 * beside. Only text for people uses the user's names.
 */
import { LabError } from '../errors.ts';
import {
  endNames,
  firewallNames,
  type HostName,
  isGateway,
  type RulesPlace,
  rulesPlaces,
} from '../network/topology.ts';
import { suggest, suggestionFor } from '../suggest.ts';
import { driverNames, transferModes } from './vocabulary.ts';

/** The user's name for each host that has one, by the lab's own name. */
export type Names = Readonly<Record<HostName, string>>;

/** Every host that can be called something. */
export function allHosts(): HostName[] {
  return [...firewallNames(), ...endNames()];
}

/** Letters, digits, dots, hyphens and underscores, at most 32: safe on terminals, in markup and in the names of files. */
export const namePattern = /^[A-Za-z0-9](?:[\w.-]{0,30}[A-Za-z0-9])?$/;

/** A host as the user calls it; any other word as it is. */
export function called(host: string, names: Names = {}): string {
  return Object.hasOwn(names, host) ? (names[host as HostName] ?? host) : host;
}

/** Where rules stand, as the user calls it: a firewall by its name, a client or server as the one whose own firewall it is. */
export function firewallCalled(place: RulesPlace, names: Names = {}): string {
  return isGateway(place) ? called(place, names) : `${called(place, names)}'s own firewall`;
}

/** How the command line names each place where rules can stand: `--on isa-x, --on isa-y`. */
export function everyPlace(names: Names = {}): string {
  return rulesPlaces()
    .map((place) => `--on ${called(place, names)}`)
    .join(', ');
}

/** A cell without its rule set, `client/server/mode`, as the user calls its hosts. */
export function pathCalled(path: string, names: Names = {}): string {
  return path
    .split('/')
    .map((word) => called(word, names))
    .join('/');
}

/** The same for a cell's whole id. A rule set may be called like a host and keeps its name. */
export function idCalled(id: string, names: Names = {}): string {
  const start = id.indexOf('/') + 1;
  return id.slice(0, start) + pathCalled(id.slice(start), names);
}

/** The lab's own name for what the user calls a host; any other word as it is. */
export function hostMeant(word: string, names: Names = {}): string {
  return allHosts().find((host) => names[host] === word) ?? word;
}

/**
 * Which of the `known` hosts a word means, by its name or the lab's own. Throws LabError `unknown-word`, with the names of those that exist;
 * `what`: what they are.
 */
export function oneHostOf<Host extends HostName>(
  what: string,
  word: string,
  known: readonly Host[],
  names: Names = {},
): Host {
  const meant = hostMeant(word, names);
  const found = known.find((host) => host === meant);
  if (found !== undefined) return found;
  throw new LabError(
    'usage',
    'unknown-word',
    `There is no ${what} "${word}"`,
    suggestionFor(
      word,
      known.map((host) => called(host, names)),
    ),
  );
}

/**
 * The names that a user gives, each as a host of the lab and what it is called. A later name for a host replaces an earlier one. Throws
 * LabError `usage`: `host-unknown`, `name-malformed`, `name-taken`.
 */
export function namesFrom(given: readonly (readonly [host: string, name: string])[]): Names {
  const names = Object.fromEntries(given.map(([host, name]) => [knownHost(host), wellFormed(host, name)]));
  const entries = Object.entries(names);
  for (const [host, name] of entries) {
    const same = (word: string) => word.toLowerCase() === name.toLowerCase();
    const twin = entries.find(([another, its]) => another !== host && same(its));
    if (twin) throw taken(host, name, `${twin[0]} is called so too`);
    const own = allHosts().find((another) => another !== host && same(another));
    if (own) throw taken(host, name, `${own} is called so in the lab`);
    if ([...transferModes, ...driverNames, 'tls', 'ipv6', 'name', 'all'].some(same))
      throw taken(host, name, 'that word has another meaning in cells and options');
  }
  return names;
}

function knownHost(host: string): HostName {
  const known = allHosts().find((one) => one === host);
  if (known !== undefined) return known;
  const meant = suggest(host, allHosts()).map((one) => `"${one}"`);
  throw new LabError(
    'usage',
    'host-unknown',
    `The lab has no host "${host}" that could be called something`,
    `${meant.length > 0 ? `Did you mean ${meant.join(' or ')}? ` : ''}There are: ${allHosts().join(', ')}.`,
  );
}

function wellFormed(host: string, name: string): string {
  if (/^[\d.]+$/.test(name))
    throw new LabError(
      'usage',
      'name-malformed',
      `${host} cannot be called "${name}": that looks like an address`,
      `Addresses are given by --host ${host}=ADDRESS; for a firewall's interfaces by --inside, --outside and --interface.`,
    );
  if (namePattern.test(name)) return name;
  throw new LabError(
    'usage',
    'name-malformed',
    `${host} cannot be called "${name}"`,
    'A name has at most 32 letters, digits, dots, hyphens and underscores, and begins and ends with a letter or digit.',
  );
}

function taken(host: string, name: string, why: string): LabError {
  return new LabError(
    'usage',
    'name-taken',
    `${host} cannot be called "${name}": ${why}`,
    'Choose another name.',
  );
}
