import { Option } from 'commander';
import { engineKinds } from '../../engine/engine.ts';

/** `--engine`, which every command takes: what creates, runs and removes the lab. An empty variable says nothing. */
export function engineOption(): Option {
  const option = new Option(
    '--engine <engine>',
    'what creates the lab; default: a Docker engine, or namespaces if none answers',
  ).choices(engineKinds);
  return process.env.FTPLAB_ENGINE === '' ? option : option.env('FTPLAB_ENGINE');
}
