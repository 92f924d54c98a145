import type { Engine } from '../engine/engine.ts';
import type { Check } from '../model/check.ts';
import { type FirewallRules, noRules } from '../model/rule-set.ts';
import type { Scenario } from '../model/scenario.ts';
import { addressPlan } from '../network/address-plan.ts';
import { firewallNames } from '../network/topology.ts';
import { compileRules } from '../policy/compile.ts';
import { idleTimeout } from '../policy/idle-timeout.ts';

/** A kernel feature that a firewall uses, and how to check for it. */
interface Feature {
  readonly name: string;
  readonly purpose: string;
  /** A shell command that succeeds if the kernel has the feature. If it fails, its output is the reason. */
  readonly probe: string;
  /** Whether the given rules use the feature. */
  readonly usedBy: (rules: FirewallRules) => boolean;
  /** Commands that use the feature whatever the rules are. */
  readonly commands?: readonly string[];
  readonly fix: string;
  /** The probe's failure proves nothing. */
  readonly inconclusive?: true;
}

const helper = /-j CT --helper ftp/;
const nat = /-j (SNAT|MASQUERADE)/;

const features: readonly Feature[] = [
  {
    name: 'nf_tables',
    purpose: 'access rules',
    probe: 'iptables -A FORWARD -p tcp --dport 21 -m comment --comment probe -j DROP',
    usedBy: () => true,
    fix: 'modprobe nf_tables nft_compat on the host',
  },
  {
    name: 'packet trace',
    purpose: 'finds the rule that decided, which verdicts name',
    probe:
      "nft 'table ip probe-trace { chain c { type filter hook prerouting priority -400 ; tcp flags & syn == syn meta nftrace set 1 ; } ; }'",
    usedBy: () => true,
    fix: 'a kernel with CONFIG_NF_TABLES (nft meta nftrace)',
  },
  {
    name: 'connection tracking',
    purpose: 'replies of allowed connections',
    probe: 'iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT',
    usedBy: ({ iptables }) => iptables.includes('-m conntrack'),
    fix: 'modprobe nf_conntrack xt_conntrack on the host',
  },
  {
    name: 'FTP helper (nf_conntrack_ftp)',
    purpose: 'the FTP access filter: opens the negotiated data port',
    probe: 'iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp',
    usedBy: ({ iptables }) => helper.test(iptables),
    fix: 'modprobe nf_conntrack_ftp xt_CT on the host',
  },
  {
    name: 'connection marks',
    purpose: 'which access rule a data connection belongs to',
    probe: 'iptables -t mangle -A FORWARD -m connmark --mark 0x1 -j CONNMARK --set-mark 0x1',
    usedBy: ({ iptables }) => iptables.includes('connmark'),
    fix: 'modprobe xt_connmark on the host',
  },
  {
    name: 'payload rewriting (nft @ih)',
    purpose: 'makes the FTP access filter refuse TLS, and uploads under Read Only',
    probe:
      "nft 'table ip probe-payload { chain c { type filter hook forward priority mangle ; tcp dport 21 @ih,0,32 == 0x53544f52 @ih,0,16 set 0x5858 ; } ; }'",
    usedBy: ({ nft }) => nft?.includes('@ih') === true,
    fix: 'Linux 5.16 or later with CONFIG_NF_TABLES',
  },
  {
    name: 'connection tracking timeouts (nft ct timeout)',
    purpose: 'a firewall that forgets idle connections',
    probe: `nft '${idleTimeout(1)}'`,
    usedBy: ({ nft }) => nft?.includes('ct timeout') === true,
    fix: 'a kernel with CONFIG_NF_CONNTRACK_TIMEOUT; modprobe nf_conntrack nft_ct on the host',
  },
  {
    name: 'REJECT',
    purpose: 'a firewall that rejects with RST or ICMP',
    probe: 'iptables -A FORWARD -p tcp -j REJECT --reject-with tcp-reset && iptables -A FORWARD -j REJECT',
    usedBy: ({ iptables }) => iptables.includes('-j REJECT'),
    fix: 'modprobe ipt_REJECT on the host',
  },
  {
    name: 'source NAT',
    purpose: 'network rules of type NAT',
    probe: 'iptables -t nat -A POSTROUTING -j SNAT --to-source 192.0.2.1',
    usedBy: ({ iptables }) => nat.test(iptables),
    fix: 'modprobe nft_chain_nat xt_nat on the host',
  },
  {
    name: 'FTP helper across NAT (nf_nat_ftp)',
    purpose: 'rewrites the addresses in PORT and EPRT',
    // Nothing loads it on demand, and no rule names it. It has a kernel symbol of this name, built in or as a module.
    probe: 'grep -q " nf_nat_ftp\\b" /proc/kallsyms || { echo "no such symbol in /proc/kallsyms"; false; }',
    usedBy: ({ iptables }) => nat.test(iptables) && helper.test(iptables),
    fix: 'modprobe nf_nat_ftp on the host',
    inconclusive: true,
  },
  {
    name: 'egress hook (nft netdev)',
    purpose: 'counts the probes that leave a firewall when exposure is measured',
    probe:
      "nft 'table netdev probe-egress { set s { typeof ip id ; flags dynamic ; counter ; } ; chain c { type filter hook egress device lo priority 0 ; update @s { ip id } ; } ; }'",
    usedBy: () => false,
    commands: ['exposure', 'compare', 'recommend'],
    fix: 'Linux 5.16 or later with CONFIG_NETFILTER_EGRESS',
  },
];

/**
 * Tries each kernel feature in a short-lived firewall without a network. Throws what the engine throws; the firewall's
 * image has to be there.
 */
export async function checkKernel(engine: Engine, scenarios: readonly Scenario[]): Promise<Check[]> {
  const output = await runProbes(engine);
  return features.map((feature, index) => {
    const line = output.find((text) => text.startsWith(`${index} `));
    const [, status = '', reason = ''] = /^\d+ (\w+) ?(.*)$/.exec(line ?? '') ?? [];
    const works = status === 'ok';
    const proven = status === 'failed' && !feature.inconclusive;
    return {
      ...described(feature, scenarios),
      ok: works || (proven ? false : 'unknown'),
      detail: works ? 'works' : reason || 'the probe gave no answer',
      ...(works ? {} : { fix: feature.fix }),
    };
  });
}

/** The features that {@link checkKernel} would try, as "unknown", if they cannot be tried. */
export function unknownKernel(why: string, scenarios: readonly Scenario[]): Check[] {
  return features.map((feature) => ({ ...described(feature, scenarios), ok: 'unknown', detail: why }));
}

function described({ name, purpose, usedBy, commands }: Feature, scenarios: readonly Scenario[]) {
  const needing = scenarios
    .filter(({ ruleSet }) => {
      const compiled = compileRules(ruleSet, addressPlan(0));
      return firewallNames().some((firewall) => usedBy(compiled[firewall] ?? noRules));
    })
    .map((scenario) => scenario.name);
  const neededBy = needing.length === scenarios.length ? ('all' as const) : needing;
  return { name: `kernel: ${name}`, purpose, neededBy, ...(commands && { commands }) };
}

async function runProbes(engine: Engine): Promise<string[]> {
  const script = features
    .map(
      ({ probe }, index) =>
        `if out=$( { ${probe}; } 2>&1 ); then echo "${index} ok"; else echo "${index} failed $(echo "$out" | tr '\\n' ' ')"; fi`,
    )
    .join('\n');
  return (await engine.tryInFirewall(script)).split('\n');
}
