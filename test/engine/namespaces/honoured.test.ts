import { expect, it } from 'vitest';
import { refuseWhatCannotBeHonoured } from '../../../lab/engine/namespaces/honoured.ts';
import { parseStack } from '../../../lab/engine/stack-file.ts';
import { synthesized } from '../../stack/synthesized.ts';

type Block = Record<string, unknown>;

/** The lab's own stack with attributes of one network and one host changed. */
function stackWith({ network = {}, host = {} }: { network?: Block; host?: Block }) {
  const json = structuredClone(synthesized()) as {
    resource: { docker_network: Record<string, Block>; docker_container: Record<string, Block> };
  };
  Object.assign(json.resource.docker_network.y ?? {}, network);
  Object.assign(json.resource.docker_container.vsftpd ?? {}, host);
  return parseStack(json);
}

it('uses the lab as it is', () => {
  expect(() => refuseWhatCannotBeHonoured(stackWith({}))).not.toThrow();
});

it.each<[string, Parameters<typeof stackWith>[0], RegExp]>([
  ['another driver', { network: { driver: 'macvlan' } }, /driver "macvlan" of network .*-y/],
  [
    'a way out',
    { network: { options: { 'com.docker.network.bridge.enable_ip_masquerade': 'true' } } },
    /enable_ip_masquerade" with value "true" of network/,
  ],
  ['a restart policy', { host: { restart: 'always' } }, /"restart" with value "always" of host .*-vsftpd/],
  ['no init', { host: { init: false } }, /"init" other than true of host/],
  ['a kernel parameter of the machine', { host: { sysctls: { 'kernel.shmmax': '1' } } }, /"kernel.shmmax"/],
  [
    'an owner of a folder in memory',
    { host: { tmpfs: { '/run': 'uid=1' } } },
    /"uid=1" of tmpfs \/run of host/,
  ],
  ['another log', { host: { log_driver: 'syslog' } }, /log driver "syslog"/],
])('refuses %s by name', (_what, change, message) => {
  expect(() => refuseWhatCannotBeHonoured(stackWith(change))).toThrow(message);
});
