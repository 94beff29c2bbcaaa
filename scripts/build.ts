/** `npm run build`: bundles every function of cloudbaserc.json into dist/functions, ready to upload. */

import { buildFunctions } from './build/functions.ts';

try {
  await buildFunctions({ log: (line) => console.log(line) });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
