import { fromY, scenario, uploads } from '../shared.ts';
import { ownFirewall, passiveRangeOn, port21, withOwnFirewalls } from './own-firewalls.ts';

/** The usual cure of server-behind-firewall, which also serves FTPS. */
export const serverFirewallRange = scenario('server-firewall-range', {
  question: "If the server's own firewall also lets in the server's passive range, does every upload work?",
  ruleSet: withOwnFirewalls(
    { vsftpd: ownFirewall([port21, passiveRangeOn('vsftpd')]) },
    "The firewalls have the FTP access filter; the server's own lets in port 21 and the passive range.",
  ),
  stages: 'none',
  cells: [fromY('vsftpd', uploads, { modes: ['pasv', 'epsv', 'port', 'eprt'] })],
});
