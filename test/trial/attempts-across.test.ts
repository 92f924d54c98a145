import { describe, expect, it } from 'vitest';
import { firewallsBetween } from '../../lab/network/topology.ts';
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
