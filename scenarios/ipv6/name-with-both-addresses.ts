import { rulesOf } from '../causes/shared.ts';
import { blocked, fromY, scenario } from '../shared.ts';
import { ipv6WithoutHelper } from './ipv6-without-helper.ts';
import { last } from './shared.ts';

/**
 * The commonest surprise: the server got an IPv6 address, and clients prefer it (RFC 6724). Its control connection works, so they do not
 * turn to the IPv4 address when the data connection fails.
 */
export const nameWithBothAddresses = scenario('name-with-both-addresses', {
  question: "If the server's name has an IPv6 address too, and only IPv4 works to the end, does the upload?",
  ruleSet: rulesOf(ipv6WithoutHelper),
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd', blocked('data-dropped', 'no-data', { firewall: 'isa-y', rule: last }), {
      modes: ['epsv'],
      drivers: ['basic-ftp', 'curl', 'lftp', 'tnftp'],
      named: true,
    }),
  ],
});
