import { blocked, fromY, scenario, uploads } from '../shared.ts';
import { allElse, ownFirewall, port21, withOwnFirewalls } from './own-firewalls.ts';

/** The reported symptom, and no firewall on the way is to blame. In active mode the server opens the data connection itself. */
export const serverBehindFirewall = scenario('server-behind-firewall', {
  question: "If the server's own firewall lets in port 21 and nothing else, which uploads does it block?",
  ruleSet: withOwnFirewalls(
    { vsftpd: ownFirewall([port21]) },
    "The firewalls have the FTP access filter; the server's own lets in port 21 alone.",
  ),
  stages: 'data-dropped',
  cells: [
    fromY('vsftpd', blocked('data-dropped', 'no-data', { firewall: 'vsftpd', rule: allElse }), {
      modes: ['pasv', 'epsv'],
    }),
    fromY('vsftpd', uploads, { modes: ['port', 'eprt'] }),
  ],
});
