import { defineNetwork } from 'isa-ftp-lab';

/** One firewall with three legs: the offices, a DMZ with the FTP server, and the Internet. */
export default defineNetwork({
  subnets: { lan: '10.60.1.0/24', dmz: '10.60.2.0/24', internet: '198.51.100.0/24' },
  firewalls: {
    edge: {
      legs: {
        inside: { subnet: 'lan', number: 1 },
        dmz: { subnet: 'dmz', number: 1 },
        outside: { subnet: 'internet', number: 2 },
      },
    },
  },
  hosts: {
    desk: { subnet: 'lan', number: 10, image: 'client' },
    'dmz-ftp': { subnet: 'dmz', number: 21, image: 'vsftpd' },
    partner: { subnet: 'internet', number: 21, image: 'proftpd' },
    customer: { subnet: 'internet', number: 11, image: 'client' },
  },
});
