/** `npm run package`: builds dist/package, the client as it is published to npm. */

import { buildPackage } from './package.ts';

try {
  await buildPackage({ log: (line) => console.log(line) });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
