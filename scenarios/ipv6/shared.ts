import type { Expectation } from '../../lab/model/cell.ts';
import type { ExpectedCells } from '../../lab/model/scenario.ts';
import { extendedModes } from '../../lab/model/vocabulary.ts';
import { allow, external, ftp, internal } from '../../lab/policy/dsl.ts';
import { iptablesRules } from '../causes/shared.ts';
import { fromY } from '../shared.ts';

/** The last rule of a firewall written for one version of IP. */
export const last = 'All else';

/** FTP's control connection outbound, what belongs to it, and nothing else; `helper`: whether the kernel's FTP helper reads it. */
export function port21AndRelated(helper: boolean): string {
  return iptablesRules(
    [
      '-m conntrack --ctstate ESTABLISHED,RELATED -m comment --comment "Known and related connections" -j ACCEPT',
      '-i inside -o outside -p tcp --dport 21 -m comment --comment "FTP port 21" -j ACCEPT',
      `-m comment --comment "${last}" -j DROP`,
    ],
    helper ? ['-i inside -p tcp --dport 21 -m comment --comment "FTP helper" -j CT --helper ftp'] : [],
    'ACCEPT',
  );
}

/** TCP and ICMPv6 in both directions, after other rules. */
export const allTcp = (...before: readonly string[]) =>
  iptablesRules(
    [
      ...before,
      '-p tcp -m comment --comment "All TCP" -j ACCEPT',
      '-p ipv6-icmp -m comment --comment "ICMPv6" -j ACCEPT',
    ],
    [],
    'ACCEPT',
  );

/** FTP with the FTP access filter, uploads allowed. */
export const withFilter = allow('FTP', {
  protocols: [ftp],
  from: [internal],
  to: [external],
  ftpReadOnly: false,
});

/** Cells of a client in Y by IPv6, in the modes that it has. */
export function fromYByIPv6(
  server: Parameters<typeof fromY>[0],
  expect: Expectation,
  options: Omit<NonNullable<Parameters<typeof fromY>[2]>, 'ipv6'> = {},
): ExpectedCells {
  return fromY(server, expect, { modes: extendedModes, ...options, ipv6: true });
}
