import { allow, external, ftp, ftpControl, internal, languageOf, nat, route } from 'isa-ftp-lab';
import network from './two-in-a-row.network.ts';

const { ruleSet, scenario } = languageOf(network);

const uploads = { uploaded: true, cause: 'none' } as const;
const droppedBy = (firewall: keyof typeof network.firewalls) =>
  ({ uploaded: false, cause: 'data-dropped', firewall, rule: 'Default rule' }) as const;
const withFilter = [allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false })];
const port21 = [allow('FTP port 21', { protocols: [ftpControl], from: [internal], to: [external] })];
const way = { clients: ['desk'], servers: ['partner'] } as const;

export default [
  scenario({
    name: 'row-both-follow',
    question: 'If both firewalls in a row follow the FTP session, does every upload work?',
    ruleSet: ruleSet({
      name: 'row-both-follow',
      description: 'Both have the FTP access filter; the own one routes, the provider translates addresses.',
      firewalls: {
        own: { networkRule: route(), accessRules: withFilter },
        provider: { networkRule: nat(), accessRules: withFilter },
      },
    }),
    cells: [{ ...way, expect: uploads }],
  }),
  scenario({
    name: 'row-provider-does-not',
    question: 'If only the own firewall follows the session, which of the two is to blame?',
    ruleSet: ruleSet({
      name: 'row-provider-does-not',
      description: 'The own firewall has the filter; the provider translates addresses and lets port 21 out.',
      firewalls: {
        own: { networkRule: route(), accessRules: withFilter },
        provider: { networkRule: nat(), accessRules: port21 },
      },
    }),
    cells: [
      { ...way, modes: ['pasv', 'epsv'], expect: droppedBy('provider') },
      // Nobody rewrites the private address, and the server refuses it.
      { ...way, modes: ['port', 'eprt'], expect: { uploaded: false, cause: 'port-command-refused' } },
    ],
  }),
  scenario({
    name: 'row-own-does-not',
    question: 'If only the provider follows the session, which of the two is to blame?',
    ruleSet: ruleSet({
      name: 'row-own-does-not',
      description: 'The provider has the filter and translates addresses; the own firewall lets port 21 out.',
      firewalls: {
        own: { networkRule: route(), accessRules: port21 },
        provider: { networkRule: nat(), accessRules: withFilter },
      },
    }),
    // In active mode the provider lets the server's connection in, and the own firewall stops it.
    cells: [{ ...way, expect: droppedBy('own') }],
  }),
];
