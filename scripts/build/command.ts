/** `npm run build`: bundles every function of cloudbaserc.json into dist/functions, ready to upload. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFunctions } from './functions.ts';
import { ACCEPT_FLAG, acceptSizes } from './sizes.ts';

try {
  const { values } = parseArgs({ options: { [ACCEPT_FLAG]: { type: 'boolean' } } });
  if (values[ACCEPT_FLAG]) await acceptSizes(resolve(import.meta.dirname, '../..'));
  await buildFunctions({ log: (line) => console.log(line) });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
