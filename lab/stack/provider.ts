import { DockerProvider } from '@cdktf/provider-docker/lib/provider/index.js';
import type { TerraformStack } from 'cdktf';

/**
 * Release of the provider kreuzwerker/docker that stacks are made for. The bindings were generated from an older one,
 * 3.6.2; what the lab uses of them is the same in both, and only the newer one notices a stopped container.
 */
export const providerVersion = '4.6.0';

/** Adds the Docker provider to a stack, at {@link providerVersion}, for whichever engine `DOCKER_HOST` names. */
export function addDockerProvider(stack: TerraformStack): void {
  new DockerProvider(stack, 'docker');
  stack.addOverride('terraform.required_providers.docker.version', providerVersion);
}
