import { defineNetwork } from 'isa-ftp-lab';

/** One network without a firewall in it: what decides are the hosts' own firewalls. */
export default defineNetwork({
  subnets: { office: '10.62.1.0/24' },
  firewalls: {},
  hosts: {
    desk: { subnet: 'office', number: 10, image: 'client' },
    nas: { subnet: 'office', number: 21, image: 'vsftpd' },
    scanner: { subnet: 'office', number: 30, image: 'client' },
  },
});
