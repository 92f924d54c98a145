import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { allElse, ownFirewall, withOwnFirewalls } from './own-firewalls.ts';

/** As on most workstations. In active mode the server opens the data connection, which nobody at the client's has asked for. */
export const clientBehindFirewall = scenario('client-behind-firewall', {
  question:
    "If the client's own firewall lets nothing in that the client did not open, which uploads does it block?",
  ruleSet: withOwnFirewalls(
    { 'y-workstation': ownFirewall([]) },
    "The firewalls have the FTP access filter; the client's own lets in no connection.",
  ),
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd', uploads, { modes: ['pasv', 'epsv'] }),
    fromY('vsftpd', blocked('data-dropped', 'no-data', { firewall: 'y-workstation', rule: allElse }), {
      modes: ['port', 'eprt'],
    }),
    // No firewall but the client's is on this way.
    fromY('y-server', uploads, { modes: ['pasv'] }),
    fromY('y-server', blocked('data-dropped', 'no-data', { firewall: 'y-workstation', rule: allElse }), {
      modes: ['port'],
    }),
  ],
});
