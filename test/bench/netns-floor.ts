import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { imagesFolder, layersOf } from '../../lab/engine/namespaces/layers.ts';
import { type DesiredContainer, readStack } from '../../lab/engine/stack-file.ts';
import { imageNames } from '../../lab/network/topology.ts';
import { shellQuoted } from '../../lab/shell-quoted.ts';
import { imageTag } from '../../lab/stack/images.ts';
import type { Floor } from './floor.ts';

/**
 * The same networks and hosts by `ip netns` alone, with the usual FTP daemons in overlays of the same files: up until all of them
 * greet. There are no sandboxes, no tracers and no staged servers. Needs root.
 */
export async function measureNetnsFloor(stackFile: string): Promise<Floor> {
  const { networks, containers } = await readStack(stackFile);
  const bridge = (name: string) => `br${networks.findIndex((network) => network.name === name)}`;
  const hosts = containers.map((container, index) => ({ container, name: `h${index}` }));
  const servers = hosts.filter(({ container }) => container.ready === 'ftp');
  const links = [
    ...networks.flatMap(({ name }) => [
      `link add ${bridge(name)} type bridge`,
      `link set ${bridge(name)} up`,
    ]),
    ...hosts.flatMap(({ container, name }) => [
      `netns add ${name}`,
      ...container.networks.flatMap((leg, at) => [
        `link add ${name}-${at} type veth peer name eth${at} netns ${name}`,
        `link set ${name}-${at} master ${bridge(leg.name)} up`,
      ]),
    ]),
  ];
  const script = [
    'mount -t tmpfs floor /run; mkdir /run/netns',
    `printf '%s\\n' ${links.map(shellQuoted).join(' ')} | ip -batch -`,
    ...hosts.map(({ container, name }) => {
      const lines = container.networks.flatMap(({ address }, at) => [
        `address add ${address}/24 dev eth${at}`,
        `link set eth${at} up`,
      ]);
      return `printf '%s\\n' 'link set lo up' ${lines.map(shellQuoted).join(' ')} | ip -n ${name} -batch -`;
    }),
    ...servers.map(({ container, name }) => daemon(container, name)),
    ...servers.map(({ container, name }) => greets(container.networks[0].address, name)),
    'echo up; cat > /dev/null',
  ].join('\n');
  const start = performance.now();
  const options = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = spawn('unshare', [...options, 'bash', '-ec', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [first] = await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  if (String(first) !== 'up\n') throw new Error(`The floor did not come up: ${first}`);
  const up = performance.now();
  child.stdin.end();
  await once(child, 'close');
  return { up: up - start, down: performance.now() - up };
}

function daemon({ image, networks: [leg] }: DesiredContainer, name: string): string {
  const of = imageNames.find((each) => imageTag(each) === image);
  if (of === undefined) throw new Error(`${image} is none of the lab's images`);
  const folder = `/run/${name}`;
  const lower = layersOf(of).map((layer) => `${imagesFolder()}/${layer}`);
  return [
    `mkdir -p ${folder}/upper ${folder}/work ${folder}/root`,
    `mount -t overlay overlay -o lowerdir=${lower.join(':')},upperdir=${folder}/upper,workdir=${folder}/work ${folder}/root`,
    `mount --rbind /dev ${folder}/root/dev; mount --rbind /proc ${folder}/root/proc; mount -t tmpfs run ${folder}/root/run`,
    `LAB_ADDRESS=${leg.address} ip netns exec ${name} chroot ${folder}/root sh /opt/ftplab/main > /dev/null 2>&1 &`,
  ].join('\n');
}

function greets(address: string, name: string): string {
  const greeting = `exec 3<> /dev/tcp/${address}/21 && read -r -t 5 line <&3`;
  return `until ip netns exec ${name} bash -c ${shellQuoted(greeting)} 2> /dev/null; do sleep 0.01; done`;
}
