import { fileURLToPath } from 'node:url';
import type { OwnAddresses } from '../../lab/network/own-addresses.ts';
import type { ClientName, FirewallName } from '../../lab/network/topology.ts';

/** The folder that entries' files are named from. */
export const corpusFolder = fileURLToPath(new URL('.', import.meta.url));

/** The number that the files of the corpus have in all of their ranges: 10.79.0.0/16 and 198.19.79.0/24. */
const written = 79;

const interfaces = { inside: 'eth1', outside: 'ppp0' };

/** Where a lab for the corpus stands: in the ranges that its files name, or in others, so that labs run side by side. */
export class CorpusNetwork {
  readonly own: OwnAddresses;
  readonly #number: number;

  /** `beside`: how many other such labs stand in the numbers before. */
  constructor(at = written, beside = 0) {
    const number = at + beside;
    this.#number = number;
    this.own = {
      subnets: { x: `10.${number}.1.0/24`, y: `10.${number}.2.0/24`, external: `198.19.${number}.0/24` },
      addresses: {},
      interfaces: { 'isa-x': interfaces, 'isa-y': interfaces },
    };
  }

  /** A text of the corpus, with this network's addresses. */
  here(text: string): string {
    return renumbered(text, written, this.#number);
  }

  /** A text of the lab's, with the corpus' addresses. */
  asWritten(text: string): string {
    return renumbered(text, this.#number, written);
  }
}

function renumbered(text: string, from: number, to: number): string {
  return text.replaceAll(`10.${from}.`, `10.${to}.`).replaceAll(`198.19.${from}.`, `198.19.${to}.`);
}

/** Who uploads through a firewall. */
export const clientBehind: Record<FirewallName, ClientName> = {
  'isa-x': 'x-workstation',
  'isa-y': 'y-server',
};
