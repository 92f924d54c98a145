import { defineNetwork } from 'isa-ftp-lab';

/** A firewall of one's own behind the provider's, which hides all of it behind one address. */
export default defineNetwork({
  subnets: { lan: '10.61.1.0/24', transit: '10.61.2.0/24', internet: '198.51.100.0/24' },
  firewalls: {
    own: { legs: { inside: { subnet: 'lan', number: 1 }, outside: { subnet: 'transit', number: 2 } } },
    provider: {
      legs: { inside: { subnet: 'transit', number: 1 }, outside: { subnet: 'internet', number: 2 } },
    },
  },
  hosts: {
    desk: { subnet: 'lan', number: 10, image: 'client' },
    partner: { subnet: 'internet', number: 21, image: 'vsftpd' },
  },
});
