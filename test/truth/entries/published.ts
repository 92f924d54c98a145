/* Servers of one's own behind DNAT: a customer outside uploads to them. */
import { all, blocked, type Entry, each, up } from '../entry.ts';

const client = 'customer';
const server = 'y-server';
const privateAddress = blocked('pasv-address-rejected-by-client', {
  firewall: null,
  rule: null,
  failedAt: 'store-small',
});

export const published: readonly Entry[] = [
  {
    name: 'port-21-forwarded',
    file: 'published/port-21-forwarded.rules',
    client,
    server,
    expected: each({
      pasv: privateAddress,
      epsv: blocked('data-dropped', { rule: 'policy INPUT DROP', failedAt: 'store-small' }),
      active: up,
    }),
    why: '227 names 10.79.2.10, which the client refuses. After EPSV it calls the firewall, which listens on no such port: INPUT. What the server opens goes out by line 19 and is masqueraded.',
  },
  {
    name: 'port-2121-forwarded',
    file: 'published/port-2121-forwarded.rules',
    client,
    server,
    expected: all(up),
    why: 'The helper is attached where clients call, before DNAT; RELATED is accepted for either direction.',
  },
  {
    name: 'forward-not-accepted',
    file: 'published/forward-not-accepted.rules',
    client,
    server,
    expected: all(blocked('control-dropped', { rule: 'policy FORWARD DROP', failedAt: 'connect' })),
    why: 'In FORWARD the destination is the private address already, so the rule for the outside address matches nothing.',
  },
  {
    name: 'helper-and-announced-address',
    file: 'published/helper-and-announced-address.rules',
    client,
    server: 'y-server-outside',
    expected: each({
      pasv: blocked('data-dropped', { rule: 'policy INPUT DROP', failedAt: 'store-small' }),
      epsv: up,
      active: up,
    }),
    tells: 'itself announces',
    why: "The helper leaves a 227 alone that names another address than its sender's, so nothing is expected. EPSV names none; PORT names the client's own.",
  },
  {
    name: 'firewalld-forward-port',
    file: 'published/firewalld-forward-port.rules',
    client,
    server,
    expected: each({
      pasv: privateAddress,
      epsv: blocked('data-refused', {
        rule: '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
        failedAt: 'store-small',
      }),
      active: up,
    }),
    why: 'No helper. The last rule of INPUT rejects what is called at the firewall itself; zone public lets NEW connections out.',
  },
  {
    name: 'openwrt-redirect',
    file: 'published/openwrt-redirect.rules',
    client,
    server,
    expected: each({
      pasv: privateAddress,
      epsv: blocked('data-refused', { rule: '!fw3', failedAt: 'store-small' }),
      active: up,
    }),
    why: 'Helpers are assigned to what comes from lan alone. zone_wan_input rejects by tcp-reset; lan to wan is accepted.',
  },
  {
    name: 'shorewall-dnat',
    file: 'published/shorewall-dnat.rules',
    client,
    server,
    expected: all(up),
    why: 'The helper is attached to every port 21, net-loc accepts RELATED, loc-net everything.',
  },
  {
    name: 'docker-published',
    file: 'published/docker-published.rules',
    client,
    server: 'y-server-pinned',
    expected: each({ pasv: privateAddress, epsv: up, active: up }),
    why: 'Port 21 and the passive range are published; the server announces its own address. Containers may open connections.',
  },
];
