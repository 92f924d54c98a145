// partners.ts
import {
  allow,
  computer,
  ftp,
  ftpControl,
  internal,
  outbound,
  protocol,
  route,
  ruleSet,
  tcpRange,
} from 'isa-ftp-lab';

const passive = protocol('Passive range of proftpd', { primary: [outbound(tcpRange(1025, 5000))] });

export default ruleSet({
  name: 'partners',
  description: 'FTP with uploads to vsftpd; to proftpd without the filter, by its passive range.',
  both: {
    networkRule: route(),
    accessRules: [
      allow('FTP to vsftpd', {
        protocols: [ftp],
        from: [internal],
        to: [computer('vsftpd')],
        ftpReadOnly: false,
      }),
      allow('FTP to proftpd', {
        protocols: [ftpControl, passive],
        from: [internal],
        to: [computer('proftpd')],
      }),
    ],
  },
});
