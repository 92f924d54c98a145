import { describe, expect, it } from 'vitest';
import { parseStack } from '../../lab/engine/stack-file.ts';
import { synthesized } from '../stack/synthesized.ts';

// biome-ignore lint/suspicious/noExplicitAny: the tests break the document in ways that no type allows
type Json = any;

const reference = (target: string) => `\${${target}}`;

function stack(edit: (json: Json) => void = () => {}): Json {
  const json = synthesized();
  edit(json);
  return json;
}

describe('parseStack', () => {
  it('reads what cdktf wrote, with references to networks resolved', () => {
    const lab = parseStack(stack());
    expect(lab.name).toBe('ftplab');
    expect(lab.networks.map(({ name }) => name).sort()).toEqual(['ftplab-external', 'ftplab-x', 'ftplab-y']);
    expect(lab.containers.find(({ name }) => name === 'ftplab-isa-x')).toMatchObject({
      hostname: 'isa-x',
      ready: 'firewall',
      networks: [
        { name: 'ftplab-x', address: '192.168.10.1' },
        { name: 'ftplab-external', address: '198.51.100.2' },
      ],
    });
  });

  const container = (json: Json) => json.resource.docker_container.vsftpd;
  const network = (json: Json) => json.resource.docker_network.x;
  it.each<[string, (json: Json) => void, string, string]>([
    [
      'an unsupported attribute of a container',
      (json) => Object.assign(container(json), { privileged: true }),
      'unsupported-in-stack',
      'Attribute "privileged" of docker_container.vsftpd is not supported by the Docker engine',
    ],
    [
      'an unsupported attribute of a network',
      (json) => Object.assign(network(json), { attachable: true }),
      'unsupported-in-stack',
      'Attribute "attachable" of docker_network.x is not supported by the Docker engine',
    ],
    [
      'an unsupported attribute in a block',
      (json) => Object.assign(container(json).networks_advanced[0], { aliases: ['ftp'] }),
      'unsupported-in-stack',
      'Attribute "networks_advanced.0.aliases" of docker_container.vsftpd is not supported by the Docker engine',
    ],
    [
      'an unsupported resource type',
      (json) => Object.assign(json.resource, { docker_volume: { data: {} } }),
      'unsupported-in-stack',
      'Resource type "docker_volume" is not supported by the Docker engine',
    ],
    [
      'a part of the document that would be ignored',
      (json) => Object.assign(json, { data: { docker_image: {} } }),
      'unsupported-in-stack',
      '"data" in the stack is not supported by the Docker engine',
    ],
    [
      'a provider that names an engine',
      (json) => Object.assign(json.provider.docker[0], { host: 'tcp://198.51.100.9:2375' }),
      'unsupported-in-stack',
      '"provider.docker.0.host" in the stack is not supported by the Docker engine',
    ],
    [
      'a reference outside networks',
      (json) => Object.assign(container(json), { image: reference('docker_image.vsftpd.image_id') }),
      'unsupported-in-stack',
      'docker_image.vsftpd.image_id} in attribute "image" of docker_container.vsftpd is not supported by the Docker engine',
    ],
    [
      'a reference to a network that is not there',
      (json) =>
        Object.assign(container(json).networks_advanced[0], { name: reference('docker_network.dmz.name') }),
      'bad-stack-file',
      'docker_network.dmz.name}, which is not in the stack',
    ],
    [
      'a container in no network',
      (json) => Object.assign(container(json), { networks_advanced: [] }),
      'bad-stack-file',
      'Attribute "networks_advanced',
    ],
    [
      'an attribute of the wrong type',
      (json) => Object.assign(container(json), { init: 'yes' }),
      'bad-stack-file',
      'Attribute "init" of docker_container.vsftpd does not fit',
    ],
    [
      'a resource that nothing could take down again',
      (json) => Object.assign(container(json), { labels: [] }),
      'bad-stack-file',
      '"ftplab-vsftpd" has no label isa-ftp-lab.lab',
    ],
    [
      'two labs in one stack',
      (json) => Object.assign(container(json).labels[0], { value: 'other' }),
      'bad-stack-file',
      'The stack mixes labs: ftplab, other',
    ],
    [
      'a readiness that there is not',
      (json) => Object.assign(container(json).labels[3], { value: 'http' }),
      'bad-stack-file',
      'Label isa-ftp-lab.ready of docker_container.vsftpd is "http"',
    ],
    [
      'an empty stack',
      (json) => Object.assign(json, { resource: {} }),
      'bad-stack-file',
      'The stack holds no',
    ],
  ])('refuses %s', (_what, edit, code, message) => {
    expect(() => parseStack(stack(edit))).toThrowError(
      expect.objectContaining({ kind: 'usage', code, message: expect.stringContaining(message) }),
    );
  });
});
