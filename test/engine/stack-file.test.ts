import { describe, expect, it } from 'vitest';
import { parseStack } from '../../lab/engine/stack-file.ts';
import { synthesized } from '../stack/synthesized.ts';

// biome-ignore lint/suspicious/noExplicitAny: the tests break the document in ways that no type allows
type Json = any;

const reference = (target: string) => `\${${target}}`;

function stack(edit: (json: Json) => void = () => {}): Json {
  const json = synthesized();
  });
});
