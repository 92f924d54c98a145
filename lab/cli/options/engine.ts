import { Option } from 'commander';
import { engineKinds } from '../../engine/engine.ts';

/** `--engine`, which every command takes: what creates, runs and removes the lab. */
export function engineOption(): Option {
  return new Option(
    '--engine <engine>',
    'what creates the lab; default: a Docker engine, or namespaces if none answers',
  )
    .choices(engineKinds)
    .env('FTPLAB_ENGINE');
}
