import { fromY, scenario, uploads } from '../shared.ts';
import { ownFirewall, withOwnFirewalls } from './own-firewalls.ts';

/** The cure of client-behind-firewall for who needs active mode. */
export const clientFirewallHelper = scenario('client-firewall-helper', {
  question: "If the client's own firewall follows FTP sessions, does active mode work?",
  ruleSet: withOwnFirewalls(
    { 'y-workstation': ownFirewall([], ['OUTPUT -p tcp -m tcp --dport 21 -j CT --helper ftp']) },
    "The firewalls have the FTP access filter; the client's own has the FTP helper and lets in no other connection.",
  ),
  stages: 'none',
  cells: [fromY('vsftpd', uploads, { modes: ['pasv', 'port', 'eprt'] })],
});
