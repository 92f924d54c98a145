import type { Scenario } from '../../lab/model/scenario.ts';
import { asciiType } from './ascii-type.ts';
import { clientBehindFirewall } from './client-behind-firewall.ts';
import { clientFirewallHelper } from './client-firewall-helper.ts';
import { controlIdleCut } from './control-idle-cut.ts';
import { controlRejected } from './control-rejected.ts';
import { dataRejected } from './data-rejected.ts';
import { firewallNotSeen } from './firewall-not-seen.ts';
import { loginDenied } from './login-denied.ts';
import { passivePortsNotForwarded } from './passive-ports-not-forwarded.ts';
import { passiveRangeHalfOpen } from './passive-range-half-open.ts';
import { pasvAddressForeign } from './pasv-address-foreign.ts';
import { pasvAddressPrivate } from './pasv-address-private.ts';
import { pasvAddressUnroutable } from './pasv-address-unroutable.ts';
import { pmtuBlackHole } from './pmtu-black-hole.ts';
import { pmtuIcmpAllowed } from './pmtu-icmp-allowed.ts';
import { portWithFilter } from './port-with-filter.ts';
import { portWithoutFilter } from './port-without-filter.ts';
import { quotaExceeded } from './quota-exceeded.ts';
import { relatedWithoutHelper } from './related-without-helper.ts';
import { serverBehindFirewall } from './server-behind-firewall.ts';
import { serverFirewallHelper } from './server-firewall-helper.ts';
import { serverFirewallRange } from './server-firewall-range.ts';
import { serverPermission } from './server-permission.ts';
import { sourcePort20Only } from './source-port-20-only.ts';
import { splitPortLine } from './split-port-line.ts';
import { tlsBlindsHelper } from './tls-blinds-helper.ts';
import { tlsRefused } from './tls-refused.ts';
import { tlsSessionReuse } from './tls-session-reuse.ts';
import { webProxy } from './web-proxy.ts';

/**
 * One scenario for each way in which an upload can fail, in the order of a session, with real components. The rule sets
 * of the original report stage the other causes: all-closed (control-dropped), as-reported (data-dropped),
 * nat-as-reported (port-command-refused), ftp-filter-read-only (command-refused-by-firewall) and one-firewall-fixed.
 */
export const causeScenarios: readonly Scenario[] = [
  controlRejected,
  loginDenied,
  relatedWithoutHelper,
  portWithoutFilter,
  portWithFilter,
  sourcePort20Only,
  passiveRangeHalfOpen,
  dataRejected,
  passivePortsNotForwarded,
  serverBehindFirewall,
  serverFirewallRange,
  serverFirewallHelper,
  clientBehindFirewall,
  clientFirewallHelper,
  firewallNotSeen,
  tlsBlindsHelper,
  pasvAddressPrivate,
  pasvAddressForeign,
  pasvAddressUnroutable,
  splitPortLine,
  serverPermission,
  quotaExceeded,
  pmtuBlackHole,
  pmtuIcmpAllowed,
  controlIdleCut,
  tlsRefused,
  tlsSessionReuse,
  asciiType,
  webProxy,
];
