import { describe, expect, it } from 'vitest';
import type { PortsReport } from '../../lab/model/passive-ports.ts';
import { portsText } from '../../lab/report/text/ports.ts';
import { portsFound } from '../../lab/verdict/diagnosis/port-sample.ts';

const report: PortsReport = {
  ports: [33000, 60500, 41000, 52000, 36000, 45000, 58000, 39000, 48000, 34000].map((port, index) => ({
    command: index % 2 === 0 ? 'PASV' : 'EPSV',
    port,
    otherHost: null,
  })),
  refused: [],
  failure: null,
};
const asked = { server: 'files.example', address: '192.0.2.7', port: 2121, report };
const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('the report of ports', () => {
  it.each([60, 80, 160])('keeps to %d columns', (width) => {
    for (const line of portsText(portsFound(asked), { width, color: false }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(width);
  });

  it('shows the range, the chance of a port outside it, the known range, and both rules for ISA and iptables', () => {
    const text = flat(portsText(portsFound(asked), { width: 100, color: false }));
    expect(text).toContain(
      'files.example announced 10 ports (5 by PASV, 5 by EPSV), all different: 33000-60500',
    );
    expect(text).toContain('outside 33000-60500 with a chance of at most 18% (2 in 11)');
    expect(text).toContain('The narrowest known range that they fill is Linux, 32768-60999.');
    expect(text).toContain('primary TCP 2121 outbound, secondary TCP 33000-60500 outbound');
    expect(text).toContain(
      '-A FORWARD -s CLIENT -d 192.0.2.7 -p tcp --dport 32768:60999 -m conntrack --ctstate NEW -j ACCEPT',
    );
  });

  it('says that a counting server shows no range', () => {
    const ports = Array.from({ length: 12 }, (_, n) => ({
      command: 'PASV' as const,
      port: 1040 + n,
      otherHost: '10.0.0.7',
    }));
    const text = flat(
      portsText(portsFound({ ...asked, report: { ...report, ports } }), { width: 100, color: false }),
    );
    expect(text).toContain('The server counts');
    expect(text).toContain('PASV names 10.0.0.7, not 192.0.2.7');
    expect(text).not.toContain('chance of at most');
  });

  it('says why no port was announced', () => {
    const refused = [{ command: 'PASV', reply: '500 no' }] as const;
    const none = { ...asked, report: { ports: [], refused, failure: '530 no' } };
    const text = portsText(portsFound(none), { width: 100, color: false });
    expect(text).toContain('announced no passive port');
    expect(text).toContain('The server refuses PASV: "500 no"');
    expect(text).toContain('530 no');
    expect(portsFound(none)).toMatchObject({ sample: null, rules: null, failure: '530 no' });
  });
});
