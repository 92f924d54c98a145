import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../report/html/client/main.ts', import.meta.url));

/** The HTML report's own script, as browsers of the last years run it. */
export async function reportScript(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
  });
  return outputFiles[0]?.text ?? '';
}
