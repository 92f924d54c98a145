import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { providerVersion } from '../../../lab/stack/provider.ts';
import { synthesized } from '../../stack/synthesized.ts';

it('pins the same provider in every stack and in the lock file', () => {
  expect(synthesized().terraform.required_providers.docker).toEqual({
    source: 'kreuzwerker/docker',
    version: providerVersion,
  });
  const lock = readFileSync('lab/engine/terraform/terraform.lock.hcl', 'utf8');
  const locked = [
    ...lock.matchAll(/^provider "(\S+)" \{\n {2}version {5}= "(\S+)"\n {2}constraints = "(\S+)"\n\}/gm),
  ];
  expect(locked.map(([, ...words]) => words)).toEqual(
    ['registry.terraform.io', 'registry.opentofu.org'].map((registry) => [
      `${registry}/kreuzwerker/docker`,
      providerVersion,
      providerVersion,
    ]),
  );
});
