import { allow, external, ftp, ftpServer, ftpServerControl, internal, languageOf, nat } from 'isa-ftp-lab';
import network from './dmz.network.ts';

const { computer, publish, ruleSet, scenario, subnet } = languageOf(network);

const uploads = { uploaded: true, cause: 'none' } as const;
const dropped = { uploaded: false, cause: 'data-dropped', firewall: 'edge', rule: 'Default rule' } as const;
const refused = {
  uploaded: false,
  cause: 'control-dropped',
  firewall: 'edge',
  rule: 'Default rule',
} as const;
const outbound = allow('FTP out', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false });
const toDmz = allow('FTP to the DMZ', {
  protocols: [ftp],
  from: [subnet('lan')],
  to: [computer('dmz-ftp')],
  ftpReadOnly: false,
});

export default [
  scenario({
    name: 'dmz-published',
    question: 'With the server in the DMZ published by the filter, does everybody upload who should?',
    ruleSet: ruleSet({
      name: 'dmz-published',
      description:
        'Publishes dmz-ftp, lets the offices upload to it and outside, all with the FTP access filter.',
      both: {
        networkRule: nat(),
        accessRules: [
          publish('FTP to the server', { server: 'dmz-ftp', protocol: ftpServer, ftpReadOnly: false }),
          toDmz,
          outbound,
        ],
      },
    }),
    cells: [
      { clients: ['customer'], servers: ['dmz-ftp'], expect: uploads },
      { clients: ['desk'], servers: ['dmz-ftp', 'partner'], expect: uploads },
    ],
  }),
  scenario({
    name: 'dmz-without-filter',
    question:
      'If port 21 of the server in the DMZ is published without the filter, who is left without uploads?',
    ruleSet: ruleSet({
      name: 'dmz-without-filter',
      description:
        'Publishes port 21 of dmz-ftp without the filter; the offices have the filter, and no way out.',
      both: {
        networkRule: nat(),
        accessRules: [publish('FTP port 21', { server: 'dmz-ftp', protocol: ftpServerControl }), toDmz],
      },
    }),
    cells: [
      // 227 names the address in the DMZ; EPSV names none, and nothing is published there; nothing lets the server call customers.
      {
        clients: ['customer'],
        servers: ['dmz-ftp'],
        modes: ['pasv'],
        expect: { uploaded: false, cause: 'pasv-address-rejected-by-client' },
      },
      { clients: ['customer'], servers: ['dmz-ftp'], modes: ['epsv', 'port', 'eprt'], expect: dropped },
      { clients: ['desk'], servers: ['dmz-ftp'], expect: uploads },
      { clients: ['desk'], servers: ['partner'], expect: refused },
    ],
  }),
  scenario({
    name: 'dmz-third-interface',
    question: 'What do rules about a third interface decide?',
    ruleSet: {
      kind: 'iptables',
      name: 'dmz-third-interface',
      description: 'The offices may call the DMZ, with the helper; from outside only port 21 gets there.',
      iptables: {
        edge: `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i inside -p tcp -m tcp --dport 21 -j CT --helper ftp
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i inside -o dmz -p tcp -m tcp --dport 21 -j ACCEPT
-A FORWARD -i outside -o dmz -p tcp -m tcp --dport 21 -j ACCEPT
-A FORWARD -i outside -o dmz -m comment --comment "Nothing else from outside" -j DROP
-A FORWARD -i dmz -m comment --comment "The DMZ calls nobody" -j DROP
COMMIT
`,
      },
    },
    cells: [
      { clients: ['desk'], servers: ['dmz-ftp'], expect: uploads },
      {
        clients: ['customer'],
        servers: ['dmz-ftp'],
        modes: ['pasv', 'epsv'],
        expect: { ...dropped, rule: 'Nothing else from outside' },
      },
      {
        clients: ['customer'],
        servers: ['dmz-ftp'],
        modes: ['port', 'eprt'],
        expect: { ...dropped, rule: 'The DMZ calls nobody' },
      },
    ],
  }),
];
