import type { ImageFacts, ObservedContainer, ObservedNetwork } from '../../../lab/engine/difference.ts';
import type { DesiredLab } from '../../../lab/engine/stack-file.ts';

/** What Docker shows after the lab came up without trouble. */
export function asBuilt(lab: DesiredLab): { networks: ObservedNetwork[]; containers: ObservedContainer[] } {
  return {
    networks: lab.networks.map((network) => ({
      id: `id-${network.name}`,
      name: network.name,
      definition: network,
    })),
    containers: lab.containers.map((container) => ({
      id: `id-${container.name}`,
      name: container.name,
      imageId: `sha256:${container.image}`,
      running: true,
      state: 'running',
      networks: new Map(container.networks.map(({ name, address }) => [`id-${name}`, address])),
      definition: {
        ...container,
        env: ['PATH=/bin', ...container.env],
        labels: { 'isa-ftp-lab': 'image', ...container.labels },
      },
    })),
  };
}

/** What the engine has under the lab's image tags. */
export function imagesOf(lab: DesiredLab): Map<string, ImageFacts> {
  return new Map(
    lab.containers.map(({ image }): [string, ImageFacts] => [
      image,
      { id: `sha256:${image}`, env: ['PATH=/bin'], labels: { 'isa-ftp-lab': 'image' } },
    ]),
  );
}
