/** The published client and its bin as bundles. */

import { join } from 'node:path';
import { SOURCE } from './client-types.ts';
import { bundleFiles } from './remembered-bundle.ts';

export function bundleClient(root: string): Promise<Uint8Array> {
  return bundleOne({
    absWorkingDir: root,
    entryPoints: [join(root, SOURCE, 'client.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // What webpack 4 can still parse: no optional chaining, no class fields, no `node:` before a name.
    target: 'es2019',
    alias: { 'node:crypto': 'crypto' },
    // Small, with names that a stack trace can be read by.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 4_000,
    // The constructors set every field: declared once more it would only be longer.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    charset: 'utf8',
    logLevel: 'silent',
  });
}

export function minifyBin(root: string): Promise<Uint8Array> {
  return bundleOne({
    absWorkingDir: root,
    entryPoints: [join(root, 'scripts/build/client-bin.cjs')],
    minify: true,
    target: 'node18',
    logLevel: 'silent',
  });
}

async function bundleOne(options: Parameters<typeof bundleFiles>[0]): Promise<Uint8Array> {
  const { outputs } = await bundleFiles(options).catch((error: unknown) => {
    throw new Error(`package: esbuild: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  });
  return outputs[0]?.contents ?? new Uint8Array();
}
