import { describe, expect, it } from 'vitest';
import { firewallsBetween, type RulesPlace } from '../../lab/network/topology.ts';
import { attemptsAcross } from '../../lab/trial/attempts-across.ts';

describe('the attempts across firewalls', () => {
  it('are all that cross one, each once', () => {
    const attempts = attemptsAcross();
    expect(attempts.every(({ client, server }) => firewallsBetween(client, server).length > 0)).toBe(true);
    expect(new Set(attempts.map((attempt) => JSON.stringify(attempt))).size).toBe(attempts.length);
    expect(attempts).toHaveLength(44);
  });

  it('cross one firewall and no other if only that one is to be tried', () => {
    const crossed = attemptsAcross({ only: 'isa-x' }).map(({ client, server }) =>
      firewallsBetween(client, server).join(),
    );
    expect(new Set(crossed)).toEqual(new Set(['isa-x']));
  });

  it('begin or end at the host whose own rules are to be tried, also within its subnet, and never at itself', () => {
    const paths = (only: RulesPlace) => [
      ...new Set(
        attemptsAcross({ only, modes: ['pasv'] }).map(({ client, server }) => `${client}/${server}`),
      ),
    ];
    expect(paths('y-workstation')).toEqual([
      'y-workstation/vsftpd',
      'y-workstation/proftpd',
      'y-workstation/pure-ftpd',
      'y-workstation/y-server',
    ]);
    expect(paths('y-server')).toContain('y-workstation/y-server');
    expect(paths('y-server')).not.toContain('y-server/y-server');
    expect(attemptsAcross({ only: 'vsftpd', servers: ['vsftpd-slow', 'proftpd'] })[0]?.server).toBe(
      'vsftpd-slow',
    );
  });

  it('leave a program out of the modes and the TLS that it does not have', () => {
    const made = attemptsAcross({
      clients: ['y-server'],
      servers: ['vsftpd'],
      drivers: ['tnftp', 'ftplib'],
      tls: [false, true],
    });
    expect(made.map(({ driver, mode, tls }) => `${driver} ${mode}${tls ? ' tls' : ''}`)).toEqual([
      'tnftp pasv',
      'tnftp epsv',
      'tnftp port',
      'tnftp eprt',
      'ftplib pasv',
      'ftplib pasv tls',
      'ftplib port',
      'ftplib port tls',
    ]);
  });
});
