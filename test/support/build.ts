/** Builds the functions once before all tests: what runs in a test is what gets deployed. */

import { join, resolve } from 'node:path';
import { buildFunctions } from '../../scripts/build/functions.ts';
import { buildGuests } from '../../scripts/start/prepare.ts';

const root = resolve(import.meta.dirname, '../..');

export default async function build(): Promise<void> {
  await buildFunctions({ root });
  await buildGuests(root, join(root, 'dist/test-guests'), ['askWithNodeSdk', 'askWithWxServerSdk']);
}
