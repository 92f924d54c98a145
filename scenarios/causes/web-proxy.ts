import { blocked, fromY, scenario, uploads } from '../shared.ts';

const rules = `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp --dport 21 -m comment --comment "FTP helper" -j CT --helper ftp
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -m comment --comment "Established connections" -j ACCEPT
-A INPUT -i inside -p tcp --dport 8080 -m comment --comment "Web proxy" -j ACCEPT
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -m comment --comment "Established connections" -j ACCEPT
-A FORWARD -i inside -o outside -p tcp --dport 21 -m comment --comment "FTP port 21" -j ACCEPT
COMMIT
`;

/** A browser can show the server's files but cannot upload: that depends on the client type, not on a rule. */
export const webProxy = scenario('web-proxy', {
  question: "If FTP works, does an upload through the firewall's web proxy work too?",
  ruleSet: {
    description:
      "FTP with the FTP helper, and the firewall's own web proxy, which fetches files by FTP for HTTP clients.",
    iptables: { 'isa-x': rules, 'isa-y': rules },
  },
  stages: 'command-refused-by-firewall',
  cells: [
    fromY('vsftpd', blocked('command-refused-by-firewall', 'no-store'), {
      modes: ['epsv'],
      drivers: ['web-proxy'],
    }),
    fromY('vsftpd', uploads, { modes: ['epsv'] }),
  ],
});
