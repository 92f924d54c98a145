import type { Engine } from '../engine/engine.ts';
import type { Target, Way } from '../model/exposure.ts';
import { type AddressPlan, addressOf, legAddress, legAddresses } from '../network/address-plan.ts';
import type { Family } from '../network/family.ts';
import {
  type ClientName,
  endNames,
  type FirewallName,
  firewallNames,
  type HostName,
  isGateway,
  type LegName,
  legsOf,
  legTowards,
  type MachineName,
  machineNamed,
  machineNames,
  machineOf,
  type PortRange,
  placeOf,
  type RulesPlace,
  type ServerName,
} from '../network/topology.ts';
import { ProberProcess } from './prober-process.ts';

/** The counts since the prober was opened, by pass. */
export interface Counts {
  /** Probes that entered each place with rules. */
  readonly entered: ReadonlyMap<RulesPlace, ReadonlyMap<number, number>>;
  /** Probes that left a firewall, over all firewalls. */
  readonly left: ReadonlyMap<number, number>;
  /** Probes that were for a place with rules itself and that its rules let in. */
  readonly taken: ReadonlyMap<RulesPlace, ReadonlyMap<number, number>>;
  /** Ports whose probes arrived at a host, as ranges. */
  readonly arrived: ReadonlyMap<number, ReadonlyMap<MachineName, readonly PortRange[]>>;
}

/**
 * The lab's port prober over IPv4 or IPv6: one process in each host and firewall (lab-probe.c and lab-exposure in lab/engine/images).
 * Closing it leaves nothing behind.
 */
export class Prober implements AsyncDisposable {
  readonly #hosts = new Map<MachineName, ProberProcess>();
  readonly #firewalls = new Map<RulesPlace, ProberProcess>();
  readonly #macs = new Map<MachineName, string>();
  /** Hardware addresses of firewalls' legs, by the firewall's name and the leg's. */
  readonly #legs = new Map<FirewallName, ReadonlyMap<LegName, string>>();
  readonly #arrived = new Map<number, Map<MachineName, PortRange[]>>();
  readonly #heard = new Set<(host: MachineName, packet: Buffer) => void>();
  readonly #sending = new Map<number, (sent: number) => void>();
  #passes = 0;

  private constructor(
    readonly plan: AddressPlan,
    readonly family: Family,
  ) {}

  /** Starts the processes; `guarded`: a host whose own firewall is measured. Throws LabError `prober-gone` if one does not start. */
  static async open(
    engine: Engine,
    lab: string,
    plan: AddressPlan,
    guarded: readonly MachineName[] = [],
    family: Family = 'ipv4',
  ): Promise<Prober> {
    const prober = new Prober(plan, family);
    try {
      const opening = [
        ...machineNames().map((host) => prober.#openHost(engine, lab, host)),
        ...[...firewallNames(), ...guarded].map((place) => prober.#openFirewall(engine, lab, place)),
      ];
      // If one fails, waits for the others too, so that all of them can be closed.
      await Promise.allSettled(opening);
      await Promise.all(opening);
      await Promise.all(firewallNames().map((firewall) => prober.#introduce(firewall)));
      return prober;
    } catch (error) {
      await prober[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #openHost(engine: Engine, lab: string, host: MachineName): Promise<void> {
    const { prober, greeting } = await ProberProcess.open(
      host,
      (onLine) => engine.open({ lab, host }, ['lab-probe', 'host'], onLine),
      (line) => /^\{"(?:packet|pass)":/.test(line),
      (line) => this.#hear(host, line),
    );
    this.#hosts.set(host, prober);
    this.#macs.set(host, (JSON.parse(greeting) as { mac: string }).mac);
  }

  /** The places where probes are counted as they enter. */
  get guards(): readonly RulesPlace[] {
    return [...this.#firewalls.keys()];
  }

  async #openFirewall(engine: Engine, lab: string, place: RulesPlace): Promise<void> {
    const own = isGateway(place) ? legAddresses(this.plan, place, this.family) : [this.addressOf(place)];
    const { prober, greeting } = await ProberProcess.open(place, (onLine) =>
      engine.open({ lab, host: place }, ['lab-exposure', ...own], onLine),
    );
    this.#firewalls.set(place, prober);
    if (!isGateway(place)) return;
    const [, ...macs] = greeting.split(' ');
    const legs = Object.keys(legsOf(place)).map((leg, at) => [leg, macs[at] ?? ''] as const);
    this.#legs.set(place, new Map(legs));
  }

  /** Tells a firewall its neighbours, and makes it forward what leaves for other firewalls. */
  async #introduce(firewall: FirewallName): Promise<void> {
    for (const [leg, { subnet }] of Object.entries(legsOf(firewall))) {
      const hosts = endNames()
        .filter((host) => placeOf(host).subnet === subnet)
        .map((host) => [this.addressOf(host), this.#mac(machineOf(host))]);
      const others = firewallNames()
        .filter((name) => name !== firewall)
        .flatMap((other) =>
          Object.entries(legsOf(other))
            .filter(([, joins]) => joins.subnet === subnet)
            .map(([its]) => [this.#legAddress(other, its), this.#leg(other, its)]),
        );
      await this.#introduceAt(firewall, leg, [...hosts, ...others]);
      for (const [, mac] of others)
        await this.#firewall(firewall).ask(`relay ${this.#legAddress(firewall, leg)} ${mac}`);
    }
  }

  async #introduceAt(firewall: FirewallName, leg: LegName, neighbours: readonly string[][]): Promise<void> {
    const known = neighbours.flat().join(' ');
    await this.#firewall(firewall).ask(`neighbours ${this.#legAddress(firewall, leg)} ${known}`);
  }

  /** Makes a firewall send packets for an address to a host of a subnet that it joins, which does not have that address. */
  async introduceAs(firewall: FirewallName, address: string, host: MachineName): Promise<void> {
    await this.#introduceAt(firewall, legTowards(firewall, placeOf(host).subnet), [
      [address, this.#mac(host)],
    ]);
  }

  /** A host's address, of the version of IP that is probed. */
  addressOf(host: HostName): string {
    return addressOf(this.plan, host, this.family);
  }

  #legAddress(firewall: FirewallName, leg: LegName): string {
    return legAddress(this.plan, firewall, leg, this.family);
  }

  /** A number that no earlier probe of this prober used. */
  nextPass(): number {
    return ++this.#passes;
  }

  /** Sends a SYN to each port of a range and forgets the connections; returns how many were sent. */
  async sweep(way: Way, sourcePort: number, [first, last]: PortRange, pass: number): Promise<number> {
    const ends = `${this.addressOf(way.from)} ${way.at ?? this.addressOf(way.to)}`;
    const sent = new Promise<number>((resolve) => this.#sending.set(pass, resolve));
    const sender = this.#host(this.#senderOf(way));
    sender.say(`send ${ends} ${sourcePort} ${pass} ${first} ${last} ${this.#nextHop(way)}`);
    return Promise.race([sent, sender.gone]).finally(() => this.#sending.delete(pass));
  }

  /** Sends one IP packet from a host through the first firewall on a path. */
  async inject(way: Way, packet: Buffer): Promise<void> {
    await this.#host(way.from).ask(`inject ${this.#nextHop(way)} ${packet.toString('hex')}`);
  }

  /**
   * Calls `heard` for each packet of a conversation (not of a sweep) that arrives at a host; returns a function that
   * stops this.
   */
  listen(heard: (host: MachineName, packet: Buffer) => void): () => void {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  }

  #hear(host: MachineName, line: string): void {
    const said = JSON.parse(line) as { packet: string } | { pass: number; sent: number };
    if ('pass' in said) this.#sending.get(said.pass)?.(said.sent);
    else for (const heard of this.#heard) heard(host, Buffer.from(said.packet, 'hex'));
  }

  /** Empties the firewalls' connection tracking; returns how many packets each has lost since it started. */
  async flush(which: readonly RulesPlace[]): Promise<number[]> {
    return Promise.all(which.map(async (name) => Number(await this.#firewall(name).ask('flush'))));
  }

  /** Ports whose probes each place with rules accepted for itself, by pass. */
  async delivered(): Promise<ReadonlyMap<RulesPlace, ReadonlyMap<number, readonly number[]>>> {
    const places = this.guards.map(async (name) => {
      const sets = setsOf(await this.#firewall(name).ask('delivered'));
      return [name, portsOf(sets.get('delivered') ?? [])] as const;
    });
    return new Map(await Promise.all(places));
  }

  /** The counts so far. */
  async read(): Promise<Counts> {
    const entered = new Map<RulesPlace, Map<number, number>>();
    const left = new Map<number, number>();
    const taken = new Map<RulesPlace, ReadonlyMap<number, number>>();
    await Promise.all([
      ...this.guards.map(async (name) => {
        const sets = setsOf(await this.#firewall(name).ask('read'));
        entered.set(name, countsOf(sets.get('entered') ?? []));
        taken.set(name, countsOf(sets.get('taken') ?? []));
        for (const [pass, count] of countsOf(sets.get('left') ?? []))
          left.set(pass, (left.get(pass) ?? 0) + count);
      }),
      ...[...this.#hosts].map(([name, prober]) => this.#collect(name, prober)),
    ]);
    return { entered, left, taken, arrived: this.#arrived };
  }

  async #collect(name: MachineName, prober: ProberProcess): Promise<void> {
    const { passes } = JSON.parse(await prober.ask('report')) as {
      passes: Record<string, PortRange[]>;
    };
    for (const [pass, ranges] of Object.entries(passes)) {
      const places = this.#arrived.get(Number(pass)) ?? new Map<MachineName, PortRange[]>();
      places.set(name, [...(places.get(name) ?? []), ...ranges]);
      this.#arrived.set(Number(pass), places);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#hosts.values(), ...this.#firewalls.values()].map((one) => one.close()));
  }

  /**
   * Who sends on a way: its beginning, or in its name a neighbour of the host at its end, if nothing but that host's own firewall is to
   * decide.
   */
  #senderOf({ from, firewalls: [place] }: Way): ClientName | ServerName {
    return place === undefined || isGateway(place) ? from : (neighboursOf(place)[0] ?? from);
  }

  #nextHop({ from, firewalls: crossed }: Way): string {
    const [first] = crossed;
    if (first !== undefined && !isGateway(first)) return this.#mac(first);
    if (!first) throw new Error(`No firewall is on the path from ${from}`);
    return this.#leg(first, legTowards(first, placeOf(from).subnet));
  }

  #mac(host: MachineName): string {
    return present(this.#macs.get(host), host);
  }

  /** The hardware address of a firewall's leg. */
  #leg(name: FirewallName, leg: LegName): string {
    return present(this.#legs.get(name)?.get(leg), name);
  }

  #host(name: ClientName | ServerName): ProberProcess {
    return present(this.#hosts.get(machineOf(name)), name);
  }

  #firewall(name: RulesPlace): ProberProcess {
    return present(this.#firewalls.get(name), name);
  }
}

/** The other machines in a host's subnet. */
export function neighboursOf(host: MachineName): MachineName[] {
  const { subnet } = machineNamed(host);
  return machineNames().filter((other) => other !== host && machineNamed(other).subnet === subnet);
}

function present<T>(value: T | undefined, name: Target): T {
  if (value === undefined) throw new Error(`The prober has no ${name}`);
  return value;
}

interface SetElement {
  readonly elem?: { readonly val: number; readonly counter: { readonly packets: number } };
  readonly concat?: readonly [pass: number, sequence: number];
}

/** The elements of some nft sets, a document each, by name (libnftables-json(5), "SET"). */
function setsOf(json: string): Map<string, readonly SetElement[]> {
  const tables = JSON.parse(json) as {
    nftables: { set?: { name: string; elem?: SetElement[] } }[];
  }[];
  return new Map(
    tables.flatMap(({ nftables }) =>
      nftables.flatMap(({ set }) => (set ? [[set.name, set.elem ?? []] as const] : [])),
    ),
  );
}

function countsOf(elements: readonly SetElement[]): Map<number, number> {
  return new Map(elements.flatMap(({ elem }) => (elem ? [[elem.val, elem.counter.packets] as const] : [])));
}

/** Ports by pass: the lower half of a probe's sequence number is its port's complement. */
function portsOf(elements: readonly SetElement[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const { concat } of elements) {
    if (!concat) continue;
    const [pass, sequence] = concat;
    const ports = found.get(pass) ?? [];
    ports.push(0xffff - (sequence & 0xffff));
    found.set(pass, ports);
  }
  return found;
}
