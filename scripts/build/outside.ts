/** The outside door as a function to build and to run: kept apart from the two, since it is deployed for clients only. */

import { join } from 'node:path';
import { readDeclarations, type FunctionDeclaration } from './declarations.ts';
import { buildFunctions } from './functions.ts';

export const OUTSIDE = 'accessTokenHttp';
/** Declares it as cloudbaserc.json does the other two; `npx tcb --config-file` takes it as well. */
export const OUTSIDE_CONFIG = 'cloudbaserc.outside.json';

/** Builds `<outDir>/accessTokenHttp` and says how it is to run. Throws one readable line when it can't. */
export async function buildOutside(
  root: string,
  outDir = join(root, 'dist/outside'),
): Promise<FunctionDeclaration> {
  const entry = `functions/${OUTSIDE}/index.ts`;
  await buildFunctions({ root, outDir, functions: [{ name: OUTSIDE, entry }] });
  return { ...(await readOutside(root)), directory: join(outDir, OUTSIDE) };
}

async function readOutside(root: string): Promise<FunctionDeclaration> {
  const declaration = (await readDeclarations(root, [OUTSIDE_CONFIG])).find(({ name }) => name === OUTSIDE);
  if (declaration === undefined) throw new Error(`${OUTSIDE_CONFIG}: there is no function ${OUTSIDE} in it`);
  return declaration;
}
