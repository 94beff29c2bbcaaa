/** Builds what the embedded cloud runs: the two functions, and an example that asks one of them for the token. */

import { join } from 'node:path';
import type { FunctionDeclaration } from '../build/declarations.ts';
import { buildFunctions } from '../build/functions.ts';

/** The function that plays the user's own code in the round trip. */
export const GUEST = 'askWithNodeSdk';

export async function prepare(root: string): Promise<{ codeRoot: string; guests: FunctionDeclaration[] }> {
  const codeRoot = join(root, 'dist/functions');
  const log = (line: string): void => console.log(`  built ${line}`);
  await buildFunctions({ root, outDir: codeRoot, log });
  const guests = await buildGuests(root, join(root, 'dist/guests'), [GUEST], log);
  return { codeRoot, guests };
}

/** Bundles functions of examples/cloudfunctions, which on the platform get their packages by an install. */
export async function buildGuests(
  root: string,
  outDir: string,
  names: readonly string[],
  log?: (line: string) => void,
): Promise<FunctionDeclaration[]> {
  const functions = names.map((name) => ({ name, entry: `examples/cloudfunctions/${name}/index.js` }));
  const built = await buildFunctions({ root, outDir, functions, ...(log ? { log } : {}) });
  return built.map(({ name, directory }) => ({
    name,
    directory,
    handler: 'index.main',
    timeout: 20,
    memorySize: 256,
    envVariables: { WX_API_BASE_URL: '{{env.WX_API_BASE_URL}}' },
    triggers: [],
  }));
}
