import { fromY, scenario, uploads } from '../shared.ts';
import { ownFirewall, port21, withOwnFirewalls } from './own-firewalls.ts';

/** The cure of server-behind-firewall that opens no port but those negotiated. */
export const serverFirewallHelper = scenario('server-firewall-helper', {
  question: "If the server's own firewall follows FTP sessions instead, does every upload work?",
  ruleSet: withOwnFirewalls(
    { vsftpd: ownFirewall([port21], ['PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp']) },
    "The firewalls have the FTP access filter; the server's own lets in port 21 and has the FTP helper.",
  ),
  stages: 'none',
  cells: [fromY('vsftpd', uploads, { modes: ['pasv', 'epsv', 'port', 'eprt'] })],
});
