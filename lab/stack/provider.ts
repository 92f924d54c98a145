import { DockerProvider } from '@cdktf/provider-docker/lib/provider/index.js';
import type { TerraformStack } from 'cdktf';

/**
 * The release of the provider kreuzwerker/docker that stacks are written for. The bindings were generated from 3.6.2.
 * The parts that the lab uses are the same in both, but only the newer release notices a stopped container.
 */
export const providerVersion = '4.6.0';

/** Adds the Docker provider to a stack, at {@link providerVersion}, for the engine that `DOCKER_HOST` names. */
export function addDockerProvider(stack: TerraformStack): void {
  new DockerProvider(stack, 'docker');
  stack.addOverride('terraform.required_providers.docker.version', providerVersion);
}
