import type { NetworkDefinition } from './definition.ts';

/**
 * The network of the original report. `y-server` uploads to External and is an FTP server itself; `customer` uploads from outside, as
 * customers do to a published server.
 */
export const shipped = {
  subnets: { x: '192.168.10.0/24', y: '192.168.20.0/24', external: '198.51.100.0/24' },
  firewalls: {
    'isa-x': { legs: { inside: { subnet: 'x', number: 1 }, outside: { subnet: 'external', number: 2 } } },
    'isa-y': { legs: { inside: { subnet: 'y', number: 1 }, outside: { subnet: 'external', number: 3 } } },
  },
  hosts: {
    'x-workstation': { subnet: 'x', number: 10, image: 'client' },
    vsftpd: { subnet: 'external', number: 21, image: 'vsftpd' },
    proftpd: { subnet: 'external', number: 22, image: 'proftpd' },
    'pure-ftpd': { subnet: 'external', number: 23, image: 'pure-ftpd' },
    'y-server': { subnet: 'y', number: 10, image: 'vsftpd', uploads: true },
    'y-workstation': { subnet: 'y', number: 11, image: 'client' },
    customer: { subnet: 'external', number: 11, image: 'client' },
  },
  staged: {
    'vsftpd-login-denied': {
      on: 'vsftpd',
      number: 40,
      port: 21,
      about: 'Its accounts have other passwords, so every login fails.',
    },
    'vsftpd-write-off': {
      on: 'vsftpd',
      number: 41,
      port: 21,
      about: 'Does not let anybody write: write_enable=NO.',
    },
    'vsftpd-locked-folder': {
      on: 'vsftpd',
      number: 42,
      port: 21,
      about: 'Sessions begin in a folder where the account may not write.',
    },
    'vsftpd-port-2121': {
      on: 'vsftpd',
      number: 43,
      port: 2121,
      about: 'Its control connection is on port 2121.',
    },
    'vsftpd-any-source-port': {
      on: 'vsftpd',
      number: 44,
      port: 21,
      about: 'Opens active data connections from any port: connect_from_port_20=NO.',
    },
    'vsftpd-private-pasv': {
      on: 'vsftpd',
      number: 45,
      port: 21,
      about: 'Behind its own 1:1 NAT, and announces its private address for PASV.',
    },
    'vsftpd-foreign-pasv': {
      on: 'vsftpd',
      number: 46,
      port: 21,
      about: "Announces another machine's address for PASV.",
    },
    'vsftpd-only-21-forwarded': {
      on: 'vsftpd',
      number: 47,
      port: 21,
      about: 'Behind its own router, which forwards port 21 but no passive ports.',
    },
    'vsftpd-own-firewall': {
      on: 'vsftpd',
      number: 48,
      port: 21,
      about: 'Has its own firewall, which drops passive data connections.',
    },
    'vsftpd-slow': { on: 'vsftpd', number: 49, port: 21, about: 'Transfers at most 512 KiB per second.' },
    'vsftpd-no-epsv': {
      on: 'vsftpd',
      number: 51,
      port: 21,
      about: 'Refuses the command EPSV: cmds_denied=EPSV.',
    },
    'vsftpd-227-for-epsv': {
      on: 'vsftpd',
      number: 52,
      port: 21,
      about: 'By IPv6 it answers EPSV with the code of PASV, 227.',
    },
    'vsftpd-tls': {
      on: 'vsftpd',
      number: 50,
      port: 21,
      about:
        'Also speaks FTPS, and requires data connections to resume the TLS session of the control connection.',
    },
    'proftpd-tls': {
      on: 'proftpd',
      number: 55,
      port: 21,
      about: 'Speaks FTPS on request, and requires one TLS session for control and data.',
    },
    'pure-ftpd-quota': {
      on: 'pure-ftpd',
      number: 60,
      port: 21,
      about: 'Has a quota of 1 MiB per account.',
    },
    'y-server-narrow': {
      on: 'y-server',
      number: 40,
      port: 21,
      mtu: 1400,
      about: 'Reached from isa-y over a link with an MTU of 1400 bytes.',
    },
    'y-server-narrow-icmp': {
      on: 'y-server',
      number: 41,
      port: 21,
      mtu: 1400,
      about: 'The same, for rules that accept ICMP; a second server because a client remembers the path MTU.',
    },
    'y-server-pinned': {
      on: 'y-server',
      number: 42,
      port: 21,
      passiveRange: [50000, 50100],
      about: 'Draws its passive ports from 50000 to 50100.',
    },
    'y-server-outside': {
      on: 'y-server',
      number: 43,
      port: 21,
      passiveRange: [50000, 50100],
      about: "The same, and announces isa-y's outside address for PASV.",
    },
    'y-server-tls': {
      on: 'y-server',
      number: 44,
      port: 21,
      passiveRange: [50000, 50100],
      about: 'The same, and also speaks FTPS.',
    },
  },
} as const satisfies NetworkDefinition;
