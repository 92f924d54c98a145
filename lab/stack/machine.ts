import { Container } from '@cdktf/provider-docker/lib/container/index.js';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import type { ImageName } from '../network/topology.ts';
import type { Addresses } from './address-book.ts';
import { capabilitiesOf, imageTag } from './images.ts';
import { dockerName, labels, type Readiness } from './labels.ts';
import { limits, writableEverywhere } from './limits.ts';
import type { Subnet } from './subnet.ts';

/** One network interface of a machine. */
export interface Leg extends Addresses {
  readonly subnet: Subnet;
}

export interface MachineProps {
  readonly image: ImageName;
  /** At least one. */
  readonly legs: readonly [Leg, ...Leg[]];
  /** The addresses by which other hosts know it. */
  readonly known: Addresses;
  /** Further addresses, with the IPv6 one beside each. */
  readonly further?: readonly Addresses[];
  /** Arguments of `ip route replace`. Called at synthesis, when the whole lab is known. */
  readonly routes: () => string[];
  readonly ready: Readiness;
  /** Kernel parameters of the machine's network namespace. */
  readonly sysctls?: Record<string, string>;
  /** The same, if the lab has IPv6. */
  readonly sysctlsForIPv6?: Record<string, string>;
  readonly env?: Record<string, string>;
  /** Where it may write besides {@link writableEverywhere}, in the same form. */
  readonly writable?: Record<string, string>;
}

/**
 * What all hosts have in common: a container with an init process (FTP daemons crash as PID 1), addresses, routes for
 * the image's entry point to set, every host's name, and no resolver, since one that forwards queries would send them
 * out of the lab.
 */
export class Machine extends Construct {
  readonly address: string;

  constructor(scope: Construct, name: string, props: MachineProps) {
    super(scope, name);
    const { book } = props.legs[0].subnet;
    this.address = props.known.address;
    for (const leg of props.legs) for (const one of [leg.address, leg.address6]) book.claim(name, one);
    const beside = [
      ...props.legs.map(
        ({ address, address6, subnet }) => `${address}=${address6}/${subnet.cidr6.split('/')[1]}`,
      ),
      ...(props.further ?? []).map(({ address, address6 }) => `${address}=${address6}/128`),
    ];
    book.publish(name, props.known);
    const capabilities = capabilitiesOf[props.image];
    const container = new Container(this, 'container', {
      name: dockerName(book.lab, name),
      hostname: name,
      image: imageTag(props.image),
      init: true,
      restart: 'no',
      mustRun: true,
      // With the prefix length that Terraform's provider reads back; without it, Terraform would see a difference every
      // time.
      capabilities: { add: prefixed(capabilities.add), drop: prefixed(capabilities.drop) },
      securityOpts: ['no-new-privileges:true'],
      readOnly: true,
      tmpfs: { ...writableEverywhere, ...props.writable },
      memory: limits.memory,
      memorySwap: limits.memory,
      networksAdvanced: props.legs.map((leg) => ({
        name: leg.subnet.networkName,
        ipv4Address: leg.address,
      })),
      dns: ['127.0.0.1'],
      sysctls: {
        ...(book.ipv6 && { ...sysctlsForIPv6, ...props.sysctlsForIPv6 }),
        ...props.sysctls,
      },
      env: Lazy.listValue({
        produce: () => [
          ...Object.entries(props.env ?? {}).map(([key, value]) => `${key}=${value}`),
          ...(book.ipv6 ? [`LAB_IPV6=${beside.join(' ')}`] : []),
          `LAB_ROUTES=${props.routes().join(';')}`,
        ],
      }),
      host: Lazy.anyValue({ produce: () => book.hosts() }),
      logDriver: 'json-file',
      logOpts: { 'max-size': '10m', 'max-file': '1' },
      labels: [
        { label: labels.lab, value: book.lab },
        { label: labels.slot, value: String(book.slot) },
        { label: labels.host, value: name },
        { label: labels.ready, value: props.ready },
        { label: labels.processes, value: String(limits.processes) },
      ],
    });
    container.overrideLogicalId(name);
  }
}

/**
 * Docker turns IPv6 off in networks that it does not give addresses of it. Nobody advertises routers here, and addresses that the lab
 * hands out once each need not be looked for (RFC 4862 section 5.4).
 */
const sysctlsForIPv6 = {
  'net.ipv6.conf.all.disable_ipv6': '0',
  'net.ipv6.conf.default.disable_ipv6': '0',
  'net.ipv6.conf.all.accept_ra': '0',
  'net.ipv6.conf.default.accept_ra': '0',
  'net.ipv6.conf.all.accept_dad': '0',
  'net.ipv6.conf.default.accept_dad': '0',
};

const prefixed = (names: readonly string[]): string[] => names.map((name) => `CAP_${name}`);
