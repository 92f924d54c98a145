import type { Daemon } from './find-daemon.ts';
import { demultiplexer } from './multiplexed.ts';

/** Runs a shell script in a container of its own, without a network, to its end; returns what it wrote. */
export async function runOnce(daemon: Daemon, image: string, script: string): Promise<string> {
  const container = await daemon.docker.createContainer({
    Image: image,
    Entrypoint: ['sh', '-c', script],
    Cmd: [],
    Labels: { 'isa-ftp-lab': 'doctor' },
    HostConfig: { NetworkMode: 'none', CapAdd: ['NET_ADMIN'] },
  });
  try {
    await container.start();
    await container.wait();
    let text = '';
    const logs = await container.logs({ stdout: true, stderr: true, follow: false });
    demultiplexer((_channel, payload) => {
      text += payload.toString('utf8');
    })(logs);
    return text;
  } finally {
    await container.remove({ force: true });
  }
}
