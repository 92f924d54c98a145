import type { Scenario } from '../../lab/model/scenario.ts';
import { ip6tablesForgotten } from './ip6tables-forgotten.ts';
import { ipv6227ForEpsv } from './ipv6-227-for-epsv.ts';
import { ipv6ByTheSameRules } from './ipv6-by-the-same-rules.ts';
import { ipv6EpsvDropped } from './ipv6-epsv-dropped.ts';
import { ipv6EpsvRefused } from './ipv6-epsv-refused.ts';
import { ipv6Nat } from './ipv6-nat.ts';
import { ipv6NatWithoutFilter } from './ipv6-nat-without-filter.ts';
import { ipv6NotSupported } from './ipv6-not-supported.ts';
import { ipv6PacketTooBig } from './ipv6-packet-too-big.ts';
import { ipv6PacketTooBigAllowed } from './ipv6-packet-too-big-allowed.ts';
import { ipv6WithHelper } from './ipv6-with-helper.ts';
import { ipv6WithoutHelper } from './ipv6-without-helper.ts';
import { nameWithBothAddresses } from './name-with-both-addresses.ts';
import { nameWithIPv6Dropped } from './name-with-ipv6-dropped.ts';

/** Uploads by IPv6: where it works and IPv4 does not, and the reverse. */
export const ipv6Scenarios: readonly Scenario[] = [
  ipv6NotSupported,
  ipv6ByTheSameRules,
  ip6tablesForgotten,
  ipv6WithoutHelper,
  ipv6WithHelper,
  nameWithBothAddresses,
  nameWithIPv6Dropped,
  ipv6EpsvRefused,
  ipv6EpsvDropped,
  ipv6227ForEpsv,
  ipv6Nat,
  ipv6NatWithoutFilter,
  ipv6PacketTooBig,
  ipv6PacketTooBigAllowed,
];
