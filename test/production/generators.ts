import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Daemon } from '../../lab/engine/docker/find-daemon.ts';
import { hasImage } from '../../lab/engine/docker/images/base-image.ts';
import { readEngineOutput } from '../../lab/engine/docker/images/engine-output.ts';
import { runExec } from '../../lab/engine/docker/streams.ts';
import { imageTag } from '../../lab/stack/images.ts';
import { labels } from '../../lab/stack/labels.ts';
import { aptInstall } from '../apt-install.ts';

/** Programs that write a firewall's rules, as Debian has them. */
export const generators = {
  ufw: `
    ufw --force enable
    ufw default deny routed
    ufw route allow in on eth1 out on ppp0 to any port 21 proto tcp
    iptables-save > /tmp/rules`,
  shorewall: `
    cd /etc/shorewall
    printf '%s\\n' 'fw firewall' 'net ipv4' 'loc ipv4' > zones
    printf '%s\\n' '?FORMAT 2' 'net ppp0' 'loc eth1' > interfaces
    printf '%s\\n' 'loc net REJECT' 'net all DROP' 'all all REJECT' > policy
    printf '%s\\n' '?SECTION NEW' 'ACCEPT loc net tcp 21' > rules
    shorewall start
    shorewall save
    cp /var/lib/shorewall/restore-iptables /tmp/rules`,
  // Its usual backend is nftables, of which iptables-save shows nothing.
  firewalld: `
    sed -i 's/^FirewallBackend=.*/FirewallBackend=iptables/' /etc/firewalld/firewalld.conf
    firewall-offline-cmd --zone=internal --add-interface=eth1
    firewall-offline-cmd --zone=external --add-interface=ppp0
    firewall-offline-cmd --new-policy=out
    firewall-offline-cmd --policy=out --add-ingress-zone=internal
    firewall-offline-cmd --policy=out --add-egress-zone=external
    firewall-offline-cmd --policy=out --add-service=ftp
    firewall-offline-cmd --policy=out --set-target=REJECT
    mkdir -p /run/dbus && dbus-daemon --system --fork
    firewalld --nofork --nopid &
    for try in $(seq 100); do firewall-cmd --state && break; sleep 0.1; done
    iptables-save > /tmp/rules`,
} as const;
export type Generator = keyof typeof generators;

const packages = `FROM ${imageTag('firewall')}\n${aptInstall('ufw', 'shorewall', 'firewalld', 'dbus')}`;

/** An image with the programs, built where the engine lacks it; it stays, as the lab's own do. */
export async function ensureGenerators(daemon: Daemon): Promise<string> {
  const tag = `isa-ftp-lab/generators:${createHash('sha256').update(packages).digest('hex').slice(0, 12)}`;
  if (await hasImage(daemon, tag)) return tag;
  const context = await mkdtemp(join(tmpdir(), 'generators-'));
  try {
    await writeFile(join(context, 'Dockerfile'), packages);
    const output = await daemon.docker.buildImage(
      { context, src: ['Dockerfile'] },
      { t: tag, labels: { 'isa-ftp-lab': 'image' }, networkmode: 'host' },
    );
    const { error } = await readEngineOutput(output, () => undefined);
    if (error !== null) throw new Error(error);
    return tag;
  } finally {
    await rm(context, { recursive: true });
  }
}

/** What a program writes for "FTP from eth1 to ppp0, nothing else", in a network namespace without any network. */
export async function generate(daemon: Daemon, image: string, generator: Generator): Promise<string> {
  const container = await daemon.docker.createContainer({
    Image: image,
    Entrypoint: ['sleep', 'infinity'],
    Labels: { [labels.lab]: 'it-generators' },
    HostConfig: { NetworkMode: 'none', CapAdd: ['NET_ADMIN', 'NET_RAW'], Init: true },
  });
  try {
    await container.start();
    const script = `{ ${generators[generator]}\n} > /tmp/said 2>&1; cat /tmp/rules || cat /tmp/said >&2`;
    const command = ['bash', '-c', script];
    const { stdout, stderr } = await runExec(daemon, container.id, command, AbortSignal.timeout(60_000));
    if (stdout === '') throw new Error(`${generator} wrote nothing: ${stderr}`);
    return stdout;
  } finally {
    await container.remove({ force: true });
  }
}
