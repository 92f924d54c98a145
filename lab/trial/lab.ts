import { closedRules } from '../../scenarios/network-controls.ts';
import type { LoadResult } from '../agent/protocol.ts';
import {
  AgentConnection,
  isOfHost,
  type LineHandlers,
  type LineStream,
} from '../attempt/agent-connection.ts';
import { Capture } from '../attempt/capture/capture.ts';
import { observeAttempt, observeClosely } from '../attempt/observe.ts';
import { TraceWatch } from '../attempt/trace-watch.ts';
import type { DropSense } from '../attempt/vain-waits.ts';
import { toTenths } from '../duration.ts';
import type { Engine, FollowedLog } from '../engine/engine.ts';
import { LabError } from '../errors.ts';
import { type MeasureOptions, measureExposure } from '../exposure/measure.ts';
import { unlessItStandsStill } from '../exposure/standstill.ts';
import { driverNames, type Endpoint } from '../model/attempt.ts';
import {
  type Attempt,
  type CellResult,
  callOf,
  cellId,
  type Expectation,
  familiesOf,
} from '../model/cell.ts';
import type { Ends } from '../model/endpoint.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Exposure } from '../model/exposure.ts';
import { called, type Names } from '../model/names.ts';
import type { EngineIdentity } from '../model/origin.ts';
import type { SeenPacket } from '../model/packet.ts';
import type { PortsReport } from '../model/passive-ports.ts';
import { type Patience, patienceMsOf } from '../model/patience.ts';
import { noRules, type RulesByPlace } from '../model/rule-set.ts';
import { type AddressPlan, addressOf, legAddress, legAddresses } from '../network/address-plan.ts';
import { type Family, families, nameOfBoth } from '../network/family.ts';
import {
  type ClientName,
  endNames,
  firewallNames,
  firewallsBetween,
  firewallsFrom,
  ftpAccount,
  guardOf,
  isGateway,
  legTowards,
  machineOf,
  outermost,
  placeOf,
  placesMet,
  portOf,
  type RulesPlace,
  type ServerName,
  subnetsBehind,
  webProxyPort,
} from '../network/topology.ts';
import type { Backend } from '../policy/backend.ts';
import {
  type BothRules,
  compileRules,
  hostsWithRules,
  isOfFile,
  nftFileIn,
  type Rules,
  type SavedRules,
  tablesOf,
} from '../policy/compile.ts';
import { markConnections } from '../policy/connection-marks.ts';
import { movedCounters } from '../policy/counters.ts';
import { sensesOf } from '../policy/nft/drops.ts';
import { type NftRuleset, nftRuleFinder, rulesetOf } from '../policy/nft/listing.ts';
import { metRules } from '../policy/nft/met.ts';
import { inLinesOf } from '../policy/nft/nft-file.ts';
import { publishedByNft } from '../policy/nft/published.ts';
import { ofIp6tables } from '../policy/nft/table-name.ts';
import { type CalledAt, furtherAddresses, publishedBy } from '../policy/published.ts';
import { ruleFinderIn } from '../policy/rule-lines.ts';
import { mayPassLater, passesWithin, remembersOthers, type Timed } from '../policy/time-or-chance.ts';
import { interfacesOf } from '../policy/unworkable-rules.ts';
import { tellExpectedFromNew } from '../policy/used-expectation.ts';
import { printable, printableData } from '../printable.ts';
import { allSteps, needsCloserLook, sameOrDiffering } from '../verdict/closer-look.ts';
import { differences } from '../verdict/expectation.ts';
import type { Known, Observation } from '../verdict/finding.ts';
import { judge } from '../verdict/judge.ts';
import { nothingKnown } from './nothing-known.ts';
import { identityOf } from './origin-of.ts';

/** Rules in force, what each place loaded for them, and what a drop by them says of the same packet when it is sent again. */
export interface InForce {
  readonly rules: Rules;
  readonly firewalls: RulesByPlace;
  readonly drops: DropSense;
  /** Whether they decide by what was attempted before. */
  readonly remembers: boolean;
  /** Where clients outside call the servers that the firewalls publish. */
  readonly published: Readonly<Record<Family, ReadonlyMap<ServerName, CalledAt>>>;
  /** What the kernel has of a file of nft rules. */
  readonly nft?: NftRuleset;
}

/** What to attempt. Default: by basic-ftp, without TLS. */
export type AttemptOptions = Pick<Attempt, 'client' | 'server' | 'mode'> & Partial<Attempt>;

export interface AttemptSettings {
  /** Whether the evidence should list the rules whose counters changed. Nothing else may run in the lab meanwhile. */
  readonly counters?: boolean | undefined;
  /** Lets the client wait out its own timeout. */
  readonly patience?: Patience | undefined;
  /** Called with what an attempt waits for, if a rule dropped a packet that may pass when it is sent again: a sentence. */
  readonly onWait?: ((what: string) => void) | undefined;
  /** Called with the cell's id and the packets captured at the firewalls, as pcapng; returns where it stored them. */
  readonly onCapture?: ((id: string, file: Buffer) => Promise<string>) | undefined;
}

/** Bytes of the two uploads: one segment, and enough to fill windows and buffers. */
const smallBytes = 1024;
const largeBytes = 1024 * 1024;

/** How long a step may wait if no trace shows that no reply can come, in milliseconds. */
const patienceMs = 5000;

/** The same under rules in force, which may need some time to let a packet pass. */
function waitUnder(drops: DropSense): number {
  return drops.kind === 'may-pass' ? Math.max(patienceMs, drops.within + 3000) : patienceMs;
}

/** What is waited for after a rule dropped a packet. */
function awaited({ firewall, decision }: SeenPacket, drops: DropSense, names: Names): string {
  const rule = `"${printable(decision?.rule ?? '')}" on ${called(firewall, names)}`;
  return drops.kind === 'may-pass'
    ? `${rule} dropped a packet; as time, count or chance decide, waiting up to ${Math.ceil(waitUnder(drops) / 1000)} s for TCP to send it again`
    : `${rule} dropped a packet; as other rules may let it pass next time, waiting for TCP to send it again`;
}

const agentCommand = ['node', '/opt/ftplab/agent.cjs'];

/** A lab that is up. */
interface Standing {
  readonly engine: Engine;
  readonly name: string;
  readonly plan: AddressPlan;
  readonly names?: Names;
  readonly backend?: Backend | undefined;
}

/** A running lab: load a rule set, make attempts. One rule set is loaded at a time. */
export class Lab implements AsyncDisposable {
  readonly name: string;
  readonly plan: AddressPlan;
  /** What the user calls its hosts. */
  readonly names: Names;
  /** What rule sets in ISA's terms are compiled to. */
  readonly backend: Backend;
  readonly #engine: Engine;
  readonly #watch = new TraceWatch();
  readonly #agents = new Map<string, Promise<AgentConnection>>();
  readonly #traces = new Map<RulesPlace, Pick<FollowedLog, 'close'>>();
  readonly #dispose: () => Promise<void>;
  readonly #addresses: Readonly<Record<'firewalls' | 'hosts', readonly string[]>>;
  #inForce: InForce | undefined;
  /** Hosts that have forgotten their IPv6 neighbours since the rules were loaded. */
  readonly #forgotten = new Map<RulesPlace, Promise<void>>();
  /** Finds the lines of the file in force. */
  #finder: Promise<ReturnType<typeof ruleFinderIn>> | undefined;
  #attempts = 0;
  #running = 0;

  /**
   * Connects to a lab that is up. `dispose` is called after the connections are closed. Throws LabError `lab-in-use` if
   * another process is connected, also from another machine, because they would share the loaded rules.
   */
  static async connect(standing: Standing, dispose: () => Promise<void>): Promise<Lab> {
    const lab = new Lab(standing, dispose);
    try {
      await Promise.all(firewallNames().flatMap((firewall) => [lab.#trace(firewall), lab.#agent(firewall)]));
      return lab;
    } catch (error) {
      await lab.#disconnect();
      throw error;
    }
  }

  private constructor(
    { engine, name, plan, names = {}, backend = 'iptables' }: Standing,
    dispose: () => Promise<void>,
  ) {
    this.#engine = engine;
    this.name = name;
    this.plan = plan;
    this.names = names;
    this.backend = backend;
    this.#addresses = {
      firewalls: families.flatMap((family) =>
        firewallNames().flatMap((name) => legAddresses(plan, name, family)),
      ),
      hosts: families.flatMap((family) => endNames().map((host) => addressOf(plan, host, family))),
    };
    this.#dispose = dispose;
  }

  /**
   * Loads rules on both firewalls, and on the hosts that they are for, and flushes connection tracking there; returns how long that took,
   * in milliseconds. A host that the rules in force say nothing of has none. Throws LabError `rule-set-does-not-load` with the tool's own
   * message; the former rules are then in force again, everywhere.
   */
  async load(rules: Rules): Promise<number> {
    if (this.#running > 0)
      throw new LabError(
        'usage',
        'attempts-running',
        `${rules.name} cannot be loaded while ${this.#running} attempts are running under other rules`,
        'Await them first.',
      );
    const wanted = this.#compiled(rules);
    const before = this.#inForce ?? this.#compiled(closedRules());
    const places = new Set([...placesOf(before), ...placesOf(wanted)]);
    await Promise.all([...places].map((place) => this.#trace(place)));
    this.#inForce = undefined;
    this.#finder = undefined;
    this.#forgotten.clear();
    const results = await this.#loadInto([...places], wanted);
    const refused = results.find(({ result }) => !result.loaded);
    if (refused) {
      // The one that refused is unchanged; the others must be restored.
      const changed = results.filter(({ result }) => result.loaded).map(({ place }) => place);
      const undone = await this.#loadInto(changed, before);
      if (undone.some(({ result }) => !result.loaded))
        throw new Error('The former rules could not be loaded again');
      this.#inForce = before;
      await this.#endNeedlessTraces();
      const { message } = refused.result;
      const nftFile = nftFileIn(rules);
      throw new LabError(
        'usage',
        'rule-set-does-not-load',
        `${rules.name} does not load on ${called(refused.place, this.names)}: ${nftFile ? inLinesOf(nftFile, message) : message}`,
        `${/No such file or directory/.test(message) && nftFile ? 'So nft speaks of a device, or a part of the kernel, that this machine lacks. ' : ''}The former rules are in force again.`,
      );
    }
    this.#inForce = await this.#withNft(wanted, results);
    await this.#endNeedlessTraces();
    return Math.max(...results.map(({ result }) => result.ms));
  }

  /** The same with what nft lists of a file of nft rules: what they ask is known only once they are loaded. */
  async #withNft(
    wanted: InForce,
    results: readonly { readonly place: RulesPlace; readonly result: LoadResult }[],
  ): Promise<InForce> {
    const { rules } = wanted;
    const file = nftFileIn(rules);
    if (!file || !isOfFile(rules)) return wanted;
    const { firewall: place } = rules;
    const listing = results.find((one) => one.place === place)?.result.listing;
    if (!listing) throw new Error(`${place} has loaded ${rules.name} and does not list it`);
    const nft = rulesetOf(file, listing);
    const senses = this.#nftSenses(nft, place);
    const inForce = {
      ...wanted,
      nft,
      drops: moreDoubtful(wanted.drops, senses.drops),
      remembers: wanted.remembers || senses.remembers,
    };
    if (!isGateway(place)) return inForce;
    const { ipv4, ipv6 } = wanted.published;
    const published = { ipv4: new Map([...publishedByNft(nft, this.plan, place), ...ipv4]), ipv6 };
    const further = furtherAddresses(calledIn(published), this.plan, place);
    const own = { ...(wanted.firewalls[place] ?? noRules), ...further };
    const firewalls = { ...wanted.firewalls, [place]: own };
    const complete = { ...inForce, published, firewalls };
    if (own.addresses) await this.#loadInto([place], complete);
    return complete;
  }

  #nftSenses(nft: NftRuleset, place: RulesPlace): Pick<InForce, 'drops' | 'remembers'> {
    const interfaces = interfacesOf({ plan: this.plan, firewall: place });
    const senses = sensesOf(metRules(nft, interfaces, !isGateway(place)), nft);
    const opening = senses.tellsExpectedFromNew
      ? 'openings-may-pass'
      : senses.marks
        ? 'answers-may-pass'
        : 'final';
    return {
      drops: senses.mayPassLater ? { kind: 'may-pass', within: senses.passesWithin } : { kind: opening },
      remembers: senses.remembersOthers,
    };
  }

  #compiled(rules: Rules): InForce {
    const firewalls = compileRules(rules, this.plan, this.backend);
    // Which words rules are put in force by does not change what they ask.
    const asked = this.backend === 'nft' ? compileRules(rules, this.plan) : firewalls;
    const timed = Object.entries(asked).flatMap(([name, own]) => {
      const place = name as RulesPlace;
      return families.map((family) => ({
        place,
        family,
        ...own,
        tables: tablesOf(rules, place, own, family),
        interfaces: interfacesOf({ plan: this.plan, firewall: place }),
        onHost: !isGateway(place),
      }));
    });
    const some = (find: (of: Timed) => string[]) => timed.some((of) => find(of).length > 0);
    const publishedOver = (family: Family) =>
      new Map(
        timed
          .filter((one) => one.family === family)
          .flatMap(({ tables, place }) =>
            isGateway(place) ? [...publishedBy(tables, this.plan, place, family)] : [],
          ),
      );
    const answer = some(markConnections) ? 'answers-may-pass' : 'final';
    const opening = some(tellExpectedFromNew) ? 'openings-may-pass' : answer;
    return {
      rules,
      firewalls,
      drops: some(mayPassLater)
        ? { kind: 'may-pass', within: Math.max(...timed.map(passesWithin)) }
        : { kind: opening },
      remembers: some(remembersOthers),
      published: { ipv4: publishedOver('ipv4'), ipv6: publishedOver('ipv6') },
    };
  }

  #loadInto(places: readonly RulesPlace[], { firewalls, rules }: InForce) {
    const listed = nftFileIn(rules) !== undefined;
    return Promise.all(
      places.map(async (place) => {
        const agent = await this.#agent(place);
        return { place, result: await agent.load(firewalls[place] ?? noRules, listed) };
      }),
    );
  }

  /**
   * Makes one attempt under the rules in force. A blocked upload is a result, not an error; so is a host that does not take
   * part, of which nothing is known.
   */
  async attempt(
    options: AttemptOptions,
    expected: Expectation | null = null,
    settings: AttemptSettings = {},
  ): Promise<CellResult> {
    this.#running++;
    try {
      const attempt: Attempt = { driver: driverNames[0], tls: false, ...options };
      return await this.#attempt(attempt, expected, settings).catch((error: unknown) => {
        if (isOfHost(error)) return nothingKnown(this.#inForce?.rules.name ?? '', attempt, expected, error);
        throw error;
      });
    } finally {
      this.#running--;
    }
  }

  async #attempt(
    attempt: Attempt,
    expected: Expectation | null,
    { patience, onCapture, onWait, counters = false }: AttemptSettings,
  ): Promise<CellResult> {
    if (!this.#inForce) throw noRuleSet();
    const { client, server, mode, driver, tls, named } = attempt;
    const versions = familiesOf(attempt);
    if (versions.includes('ipv6') && this.plan.ipv6 === false) throw withoutIPv6();
    const inForce = this.#inForce;
    const { drops, rules } = inForce;
    const ruleSet = rules.name;
    const onTheWay = placesMet(client, server, placesOf(inForce)).map(async (name) => ({
      name,
      agent: await this.#agent(name),
    }));
    const participants = {
      firewalls: await Promise.all(onTheWay),
      ends: this.#ends(client, server, versions),
      known: this.#known(client, server, versions),
      client: await this.#agent(client),
      server: await this.#agent(machineOf(server)),
      watch: this.#watch,
      onHope: onWait && ((packet: SeenPacket) => onWait(awaited(packet, drops, this.names))),
    };
    const order = {
      id: this.#nextAttempt(),
      driver,
      tls,
      ...this.#calledAt(client, server, versions[0] ?? 'ipv4'),
      ...(named && {
        host: nameOfBoth(server),
        // As programs try them (RFC 6724).
        addresses: versions.map((family) => addressOf(this.plan, server, family)).reverse(),
      }),
      ...(driver === 'web-proxy' && { proxy: this.#webProxyOf(client) }),
      user: ftpAccount.user,
      password: ftpAccount.password,
      mode,
      smallBytes,
      largeBytes,
      retrieveFile: ftpAccount.retrieveFile,
      retrieveBytes: ftpAccount.retrieveBytes,
      patienceMs: patience === undefined ? waitUnder(drops) : patienceMsOf(patience, driver),
    };
    const start = performance.now();
    const { firewalls, ends } = participants;
    const capture =
      onCapture &&
      (await Capture.start(
        firewalls.map(({ name, agent }) => ({ name: called(name, this.names), agent })),
        order.id,
        ends.client,
      ));
    const again = { ...order, id: this.#nextAttempt() };
    const sense = patience === undefined ? drops : null;
    const observe = async () => {
      const first = await observeAttempt(participants, attempt, order, sense);
      const until = needsCloserLook(first) ? judge(first).failedAt : null;
      if (until === null) return { first, observation: first };
      // A host that stands still looks like a network that loses packets.
      const { client, server } = participants;
      await Promise.all(
        [client, server, ...firewalls.map(({ agent }) => agent)].map((agent) => agent.hello()),
      );
      const closer = await observeClosely(participants, attempt, { ...again, until }, sense);
      const observation = sameOrDiffering(first, closer);
      if (!observation.differs || sense?.kind !== 'final') return { first, observation };
      // These rules leave nothing to time or chance, so what happened once was the machine's doing, and what happens twice counts.
      const third = await observeAttempt(participants, attempt, { ...order, id: this.#nextAttempt() }, sense);
      const repeats = needsCloserLook(third) || judge(third).failedAt === until;
      return repeats ? { first, observation } : { first: third, observation: third };
    };
    if (versions.includes('ipv6')) await this.#lookForNeighbours(client, server);
    const names = firewalls.map(({ name }) => name);
    const before = counters ? await this.counters(names) : undefined;
    const { first, observation } = await observe().catch(async (error: unknown) => {
      await capture?.finish([]).catch(() => undefined);
      throw error;
    });
    const pcap =
      capture &&
      (await onCapture(
        cellId({ ruleSet, ...attempt }),
        await capture.finish(observation.evidence.connections),
      ));
    // Replies, rule texts and program output come from others and may contain anything.
    const lineOf = await this.#lineFinder(observation);
    const verdict = printableData(judge({ ...observation, names: this.names, ...(lineOf && { lineOf }) }));
    const steps = printableData(allSteps(observation, first)).map(
      ({ name, outcome, reply, ms, program }) => ({ name, outcome, reply, ms, ...(program && { program }) }),
    );
    return {
      id: cellId({ ruleSet, ...attempt }),
      ruleSet,
      client,
      server,
      mode,
      driver,
      tls,
      ...callOf(attempt),
      steps,
      verdict,
      expected,
      asExpected: expected && differences(expected, verdict, steps).length === 0,
      evidence: {
        ...printableData(observation.evidence),
        ...(before && { counters: printableData(moved(before, await this.counters(names))) }),
      },
      ...(pcap !== undefined && { pcap }),
      ms: toTenths(performance.now() - start),
    };
  }

  /** Has the hosts on the way find each other under the rules in force, as they would have to in production. */
  async #lookForNeighbours(client: ClientName, server: ServerName): Promise<void> {
    const hosts = [client, machineOf(server), ...firewallsBetween(client, server)];
    // Once, and before any packet: one that waits for an answer would get lost.
    const forget = async (host: RulesPlace) => (await this.#agent(host)).forgetNeighbours();
    for (const host of hosts) if (!this.#forgotten.has(host)) this.#forgotten.set(host, forget(host));
    await Promise.all(hosts.map((host) => this.#forgotten.get(host)));
  }

  /** A name for an attempt's files that no other one has. */
  #nextAttempt(): string {
    return `cell${++this.#attempts}`;
  }

  /** How to find a file's lines if its firewall refused something of the attempt, and the rules in force are a file's. */
  async #lineFinder({ evidence }: Observation): Promise<Observation['lineOf']> {
    const rules = this.#inForce?.rules;
    if (rules === undefined || !isOfFile(rules)) return undefined;
    const { firewall } = rules;
    const refused = evidence.connections.some(({ packets }) =>
      packets.some((packet) => packet.firewall === firewall && packet.fate === 'refused'),
    );
    if (!refused) return undefined;
    const nft = this.#inForce?.nft;
    const inNft = nft && nftRuleFinder(nft);
    const inSaved = rules.kind !== 'nft' && (await this.ruleFinder(rules));
    return (name, rule) =>
      name === firewall ? (inNft?.(rule) ?? (inSaved ? inSaved(rule) : undefined)) : undefined;
  }

  /** Finds the rule of the file in force that a rule of its firewall comes from. */
  ruleFinder(rules: SavedRules | BothRules): Promise<ReturnType<typeof ruleFinderIn>> {
    this.#finder ??= this.rulesInForce(rules.firewall).then((texts) => ruleFinderIn(rules, texts));
    return this.#finder;
  }

  /** Has a client ask a server for `count` passive ports, under the rules in force. */
  async askPorts(client: ClientName, server: ServerName, count: number): Promise<PortsReport> {
    const { user, password } = ftpAccount;
    const agent = await this.#agent(client);
    return agent.askPorts({
      ...this.#calledAt(client, server, 'ipv4'),
      user,
      password,
      count,
      pauseMs: 0,
      patienceMs,
    });
  }

  /** The web proxy of the firewall in front of a client, at the address that the client uses. */
  #webProxyOf(client: ClientName): Endpoint {
    const firewall = guardOf(client);
    if (!firewall)
      throw new LabError(
        'usage',
        'driver-unable',
        `${called(client, this.names)} has no web proxy, because no firewall stands in front of it`,
        'Choose another --client or --driver.',
      );
    return `${legAddress(this.plan, firewall, legTowards(firewall, placeOf(client).subnet))}:${webProxyPort}`;
  }

  /** Where a client calls a server: at its own address, or where the server's firewall publishes it. */
  #calledAt(
    client: ClientName,
    server: ServerName,
    family: Family,
  ): { readonly host: string; readonly port: number } {
    const { address, port } = this.publishedAt(client, server, family) ?? {
      address: addressOf(this.plan, server, family),
      port: portOf(server),
    };
    return { host: address, port };
  }

  /** Where the rules in force publish a server to a client outside its firewall; `null` if they do not. */
  publishedAt(client: ClientName, server: ServerName, family: Family = 'ipv4'): CalledAt | null {
    const guard = guardOf(server);
    if (guard === undefined || subnetsBehind(guard).includes(placeOf(client).subnet)) return null;
    return this.#inForce?.published[family].get(server) ?? null;
  }

  /** By whichever of these versions of IP. */
  #ends(client: ClientName, server: ServerName, families: readonly Family[]): Ends {
    const each = families.map((family) => this.#endsBy(client, server, family));
    return {
      ...Object.assign({}, ...each),
      client: each.flatMap((ends) => ends.client),
      server: each.flatMap((ends) => ends.server),
    };
  }

  #endsBy(client: ClientName, server: ServerName, family: Family): Ends {
    const own = addressOf(this.plan, client, family);
    // What firewalls on the way out may have made of it.
    const outwards = firewallsFrom(placeOf(client).subnet, outermost());
    const behindNat = firewallsBetween(client, server)
      .filter((name) => outwards.includes(name))
      .map((name) => legAddress(this.plan, name, legTowards(name, placeOf(server).subnet), family));
    const ends = { client: [own, ...behindNat], server: [addressOf(this.plan, server, family)] };
    const { host, port } = this.#calledAt(client, server, family);
    if (ends.server.includes(host)) return ends;
    return {
      ...ends,
      server: [...ends.server, host],
      controlPorts: [`${portOf(server)}`, `${port}`],
    };
  }

  /** The rules that a place enforces, as `iptables-save` and `ip6tables-save` print them. */
  async rulesInForce(firewall: RulesPlace): Promise<SavedTexts> {
    const { iptables, iptables6 } = await (await this.#agent(firewall)).counters();
    return { ipv4: iptables, ipv6: iptables6 };
  }

  /** {@link rulesInForce}, with the counters that they have, of several places. */
  async counters(firewalls: readonly RulesPlace[]): Promise<ReadonlyMap<RulesPlace, SavedTexts>> {
    const texts = firewalls.map(async (name) => [name, await this.rulesInForce(name)] as const);
    return new Map(await Promise.all(texts));
  }

  /** What runs it. */
  get engine(): EngineIdentity {
    return identityOf(this.#engine);
  }

  #known(client: ClientName, server: ServerName, families: readonly Family[]): Known {
    const ends = this.#ends(client, server, families);
    const { firewalls, hosts } = this.#addresses;
    // What a firewall publishes is a firewall's address, whatever it is.
    const further = this.#inForce ? calledIn(this.#inForce.published).map(({ address }) => address) : [];
    return {
      ends: [...ends.client, ...ends.server],
      firewalls,
      everybody: [...firewalls, ...further, ...hosts],
    };
  }

  /** The rules in force; `undefined` if none are. */
  get inForce(): InForce | undefined {
    return this.#inForce;
  }

  /**
   * Measures what the loaded rules let through, with probes to every TCP port. Throws LabError `probes-lost`,
   * `prober-gone`, `no-ipv6` or `exposure-stands-still`.
   */
  async measureExposure(options: MeasureOptions = {}): Promise<Exposure> {
    const inForce = this.#inForce;
    if (!inForce) throw noRuleSet();
    if (options.ipv6 && this.plan.ipv6 === false) throw withoutIPv6();
    this.#running++;
    try {
      const { rules, firewalls, drops } = inForce;
      const host = isOfFile(rules) ? hostsWithRules(rules)[0] : undefined;
      const lab = { engine: this.#engine, name: this.name, plan: this.plan };
      const measured = { ...lab, ruleSet: rules.name, rules: firewalls, mayVary: drops.kind === 'may-pass' };
      return await unlessItStandsStill(
        rules.name,
        (watched) => measureExposure(measured, { ...options, ...watched, ...(host && { only: host }) }),
        options,
      );
    } finally {
      this.#running--;
    }
  }

  /** Whether the rules' decisions may depend on earlier attempts and on time. */
  get remembers(): boolean {
    return this.#inForce?.remembers === true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#disconnect();
    await this.#dispose();
  }

  async #disconnect(): Promise<void> {
    // A host's tracer takes its rules with it.
    await Promise.all([...this.#traces.values()].map((trace) => trace.close()));
    const agents = await Promise.allSettled(this.#agents.values());
    for (const agent of agents) if (agent.status === 'fulfilled') agent.value.close();
  }

  /** Feeds the trace of a place to the watch, from now on: a firewall's is its log, a host's a process of its own. */
  async #trace(place: RulesPlace): Promise<void> {
    if (this.#traces.has(place)) return;
    const at = { lab: this.name, host: place };
    const hear = (line: string) => this.#watch.feed(place, line);
    if (isGateway(place)) {
      const log = await this.#engine.follow(at, hear);
      this.#traces.set(place, log);
      void log.closed.then(() => this.#watch.end(place));
      return;
    }
    const agent = await this.#agent(place);
    const tracer = await this.#engine.open(at, [...agentCommand, 'trace-host'], hear);
    this.#traces.set(place, tracer);
    void tracer.closed.then(() => {
      this.#watch.end(place);
      this.#traces.delete(place);
    });
    if (await this.#watch.begins(place, (bookmark) => agent.bookmark(bookmark))) return;
    await tracer.close();
    throw new LabError(
      'environment',
      'trace-ended',
      `${called(place, this.names)} does not begin to trace its packets: ${tracer.stderr().trim()}`,
    );
  }

  /** Hosts without rules trace nothing. */
  async #endNeedlessTraces(): Promise<void> {
    const needless = [...this.#traces].filter(([place]) => !this.#inForce?.firewalls[place]);
    await Promise.all(needless.map(([, trace]) => trace.close()));
  }

  /** The agent of a host, started at its first use. */
  async #agent(host: RulesPlace): Promise<AgentConnection> {
    const known = this.#agents.get(host);
    if (known) return known;
    const forget = () => {
      if (this.#agents.get(host) === agent) this.#agents.delete(host);
    };
    const agent = AgentConnection.open(
      called(host, this.names),
      (handlers) => this.#openAgent(host, handlers),
      forget,
    );
    this.#agents.set(host, agent);
    agent.catch(forget);
    return agent;
  }

  async #openAgent(host: string, { onLine, onClosed }: LineHandlers): Promise<LineStream> {
    const exclusive = isGateway(host);
    const command = [...agentCommand, ...(exclusive ? ['exclusive'] : [])];
    const stream = await this.#engine.open({ lab: this.name, host }, command, onLine);
    void stream.closed.then(({ code }) => {
      onClosed(`it ended with status ${code}${stream.stderr() && `: ${stream.stderr().trim()}`}`);
    });
    return stream;
  }
}

/** By which of two rule sets, both of which a packet has to pass, a dropped packet is likelier to pass when it is sent again. */
function moreDoubtful(one: DropSense, other: DropSense): DropSense {
  const order = ['may-pass', 'openings-may-pass', 'answers-may-pass', 'final'];
  if (one.kind === 'may-pass' && other.kind === 'may-pass')
    return { kind: 'may-pass', within: Math.max(one.within, other.within) };
  return order.indexOf(one.kind) < order.indexOf(other.kind) ? one : other;
}

/** Where clients call what is published. */
function calledIn(published: InForce['published']): CalledAt[] {
  return families.flatMap((family) => [...published[family].values()]);
}

/** What iptables-save and ip6tables-save print. */
export type SavedTexts = Readonly<Record<Family, string>>;

/** Where rules are loaded. */
function placesOf({ firewalls }: InForce): RulesPlace[] {
  return Object.keys(firewalls) as RulesPlace[];
}

function withoutIPv6(): LabError {
  return new LabError(
    'environment',
    'no-ipv6',
    'The lab has no IPv6: the kernel that runs it has none, or FTPLAB_IPV6 is "off"',
    'Start the kernel without ipv6.disable=1, or leave IPv6 out.',
  );
}

function noRuleSet(): LabError {
  return new LabError('usage', 'no-rule-set', 'No rule set is loaded; load one first');
}

function moved(
  before: ReadonlyMap<RulesPlace, SavedTexts>,
  after: ReadonlyMap<RulesPlace, SavedTexts>,
): NonNullable<Evidence['counters']> {
  const all = [...after].map(([name, texts]) => {
    const own = (family: Family) => movedCounters(before.get(name)?.[family] ?? '', texts[family]);
    const ofIPv6 = own('ipv6').map((counter) => ({ ...counter, table: `${ofIp6tables}${counter.table}` }));
    return [name, [...own('ipv4'), ...ofIPv6]] as const;
  });
  return Object.fromEntries(all);
}
