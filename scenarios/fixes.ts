import type { Scenario } from '../lab/model/scenario.ts';
import { bothFirewallsFixed } from './both-firewalls-fixed.ts';
import { ftpFilter } from './ftp-filter.ts';
import { ftpsFixed } from './ftps-fixed.ts';
import { highPortsOutbound } from './high-ports-outbound.ts';
import { natFtpFilter } from './nat-ftp-filter.ts';
import { publishedFtps } from './publishing/published-ftps.ts';
import { publishedRangeOutsideAddress } from './publishing/published-range-outside-address.ts';
import { publishedRouted } from './publishing/published-routed.ts';
import { publishedWithFilter } from './publishing/published-with-filter.ts';
import { serverRangeOutbound } from './server-range-outbound.ts';
import { sourcePort20Inbound } from './source-port-20-inbound.ts';

/** The fixes proposed for the original report, with a route or with NAT; the other scenarios show what goes wrong. */
export const fixes: readonly Scenario[] = [
  highPortsOutbound,
  serverRangeOutbound,
  sourcePort20Inbound,
  ftpFilter,
  natFtpFilter,
  bothFirewallsFixed,
];

/** Further candidates if FTPS is needed, which the filter cannot read. */
export const ftpsFixes: readonly Scenario[] = [ftpsFixed];

/** Further candidates if clients in External upload. */
export const publishingFixes: readonly Scenario[] = [
  publishedWithFilter,
  publishedRouted,
  publishedRangeOutsideAddress,
  publishedFtps,
];
