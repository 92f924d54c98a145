import type { Scenario } from '../lab/model/scenario.ts';
import { allClosed } from './all-closed.ts';
import { allOpen } from './all-open.ts';
import { asReported } from './as-reported.ts';
import { bothFirewallsFixed } from './both-firewalls-fixed.ts';
import { causeScenarios } from './causes/index.ts';
import { ftpFilter } from './ftp-filter.ts';
import { ftpFilterReadOnly } from './ftp-filter-read-only.ts';
import { ftpsFixed } from './ftps-fixed.ts';
import { highPortsOutbound } from './high-ports-outbound.ts';
import { ipv6Scenarios } from './ipv6/index.ts';
import { natAsReported } from './nat-as-reported.ts';
import { natFtpFilter } from './nat-ftp-filter.ts';
import { oneFirewallFixed } from './one-firewall-fixed.ts';
import { publishingScenarios } from './publishing/index.ts';
import { serverRangeOutbound } from './server-range-outbound.ts';
import { sourcePort20Inbound } from './source-port-20-inbound.ts';

/** The shipped scenarios, in the order in which they run and are shown: controls first. */
export const scenarios: readonly Scenario[] = [
  allOpen,
  allClosed,
  asReported,
  highPortsOutbound,
  serverRangeOutbound,
  ftpFilter,
  ftpFilterReadOnly,
  sourcePort20Inbound,
  natAsReported,
  natFtpFilter,
  oneFirewallFixed,
  bothFirewallsFixed,
  ftpsFixed,
  ...publishingScenarios,
  ...causeScenarios,
  ...ipv6Scenarios,
];
