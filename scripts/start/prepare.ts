/** Builds what the embedded cloud runs: the functions, the outside door too, and an example that asks for the token. */

import { join } from 'node:path';
import { pick } from '../command/language.ts';
import { IS_INSTALLED } from '../command/folders.ts';
import { configFiles, type FunctionDeclaration } from '../build/declarations.ts';
import type { Variables } from '../local/variables.ts';
import { buildFunctions } from '../build/functions.ts';
import { buildOutside } from '../build/outside.ts';
import { buildPackage } from '../build/client-package.ts';

/** The function that plays the user's own code in the round trip. */
export const GUEST = 'askWithNodeSdk';

export async function prepare(
  root: string,
  variables: Variables,
): Promise<{ codeRoot: string; guests: FunctionDeclaration[] }> {
  const codeRoot = join(root, 'dist/functions');
  const log = (line: string): void => console.log(pick({ en: `  built ${line}`, zh: `  已构建 ${line}` }));
  await buildFunctions({ root, outDir: codeRoot, files: configFiles(variables), log });
  const guests = await buildGuests(root, join(root, 'dist/guests'), [GUEST], log);
  // Here it is there from the start: without a server key it refuses everybody.
  return { codeRoot, guests: [...guests, await buildOutside(root)] };
}

/** Where the user's functions find the client, which is not on npm yet, without an install. */
export const modulesOf = (root: string): string => join(root, 'dist/modules');

export async function prepareModules(root: string): Promise<void> {
  if (IS_INSTALLED) return;
  await buildPackage({ root, outDir: join(modulesOf(root), 'cloudbase-access-token'), hasTypes: false });
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
    envVariables: { WX_API_BASE_URL: '{{env.WX_API_BASE_URL}}', FUNCTION_PREFIX: '{{env.FUNCTION_PREFIX}}' },
    triggers: [],
  }));
}
