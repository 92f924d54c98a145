import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { down } from '../../lab/engine/docker/down.ts';
import type { Daemon } from '../../lab/engine/docker/find-daemon.ts';
import { observe } from '../../lab/engine/docker/observe.ts';
import { addressPlan, rangeOf } from '../../lab/network/address-plan.ts';
import { AddressBook } from '../../lab/stack/address-book.ts';
import { Firewall } from '../../lab/stack/firewall.ts';
import { FtpClient, FtpServer } from '../../lab/stack/hosts.ts';
import { addDockerProvider } from '../../lab/stack/provider.ts';
import { Subnet } from '../../lab/stack/subnet.ts';

/** A lab of two networks and three containers: enough to see the engine work, and quick. */
export class SmallLab implements AsyncDisposable {
  private constructor(
    readonly daemon: Daemon,
    readonly name: string,
    readonly folder: string,
    readonly stackFile: string,
  ) {}

  static async create(daemon: Daemon, name: string, slot: number): Promise<SmallLab> {
    const folder = await mkdtemp(join(tmpdir(), `${name}-`));
    const app = new App({ outdir: folder, stackTraces: false });
    const stack = new TerraformStack(app, name);
    addDockerProvider(stack);
    const book = new AddressBook(name, slot);
    const plan = addressPlan(slot);
    const y = new Subnet(stack, 'y', { book, cidr: rangeOf(plan, 'y') });
    const external = new Subnet(stack, 'external', { book, cidr: rangeOf(plan, 'external') });
    new Firewall(stack, 'isa-y', {
      legs: [
        { subnet: y, number: 1, interface: 'inside' },
        { subnet: external, number: 3, interface: 'outside', outside: true },
      ],
    });
    new FtpClient(stack, 'y-workstation', { subnet: y, number: 11, image: 'client' });
    new FtpServer(stack, 'vsftpd', { subnet: external, number: 21, image: 'vsftpd' });
    app.synth();
    return new SmallLab(daemon, name, folder, join(folder, 'stacks', name, 'cdk.tf.json'));
  }

  /** Changes the stack file, as an edit of the source and another synthesis would. */
  // biome-ignore lint/suspicious/noExplicitAny: Terraform JSON, addressed by path
  async edit(change: (resource: any) => void): Promise<void> {
    const json = JSON.parse(await readFile(this.stackFile, 'utf8'));
    change(json.resource);
    await writeFile(this.stackFile, JSON.stringify(json));
  }

  /** Docker's ids by name, of everything with this lab's label. */
  async ids(): Promise<Record<string, string>> {
    const { networks, containers } = await observe(this.daemon, this.name);
    return Object.fromEntries([...networks, ...containers].map(({ name, id }) => [name, id]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await down(this.daemon, this.name);
    await rm(this.folder, { recursive: true, force: true });
  }
}
