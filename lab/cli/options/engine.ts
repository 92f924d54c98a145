import { Option } from 'commander';
import { engineKinds } from '../../engine/engine.ts';

/** `--engine`, which every command takes: what the lab is made, run and removed by. */
export function engineOption(): Option {
  return new Option(
    '--engine <engine>',
    'what makes the lab; default: a Docker engine, or namespaces if none answers',
  )
    .choices(engineKinds)
    .env('FTPLAB_ENGINE');
}
