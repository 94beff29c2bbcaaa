/** How large each bundle was when somebody last looked, so that none grows unnoticed: size is cold start. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../functions/_shared/json.ts';
import { callOf } from '../command/call.ts';
import { ACCEPT_FLAG } from './accept-flag.ts';
import { readAllowed } from './allowed.ts';
import { bundleWithInputs } from './bundle.ts';
import { LEFT_OUT } from './left-out.ts';

/** Relative to the repository: bytes per function. */
const SIZES_FILE = 'scripts/build/sizes.json';

/** In percent of the recorded size. */
const MOST_GROWTH = 10;

const Sizes = z.record(z.string(), z.int().check(z.positive()));

/** A repository without the file has no record, and its bundles may have any size. */
export async function readSizes(root: string): Promise<ReadonlyMap<string, number> | null> {
  const text = await readFile(join(root, SIZES_FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  const sizes = Sizes.safeParse(parseJson(text));
  if (!sizes.success) throw new Error(`build: ${SIZES_FILE} must be JSON: {"<function>": <bytes>}`);
  return new Map(Object.entries(sizes.data));
}

/** Throws one readable line when a bundle is a tenth larger than on record, or on no record. */
export function requireSize(name: string, bytes: number, sizes: ReadonlyMap<string, number> | null): void {
  if (sizes === null) return;
  const recorded = sizes.get(name);
  const accept = `${callOf('build', `--${ACCEPT_FLAG}`)} records it in ${SIZES_FILE}`;
  if (recorded === undefined)
    throw new Error(`build: the size of ${name} (${kB(bytes)}) is on no record: ${accept}`);
  const growth = (bytes / recorded - 1) * 100;
  if (growth <= MOST_GROWTH) return;
  throw new Error(
    `build: ${name} has grown by ${growth.toFixed(0)} %, from ${kB(recorded)} to ${kB(bytes)}, and every cold start pays for it: leave out what it does not need, or accept it: ${accept}`,
  );
}

/** Records every function that scripts/build/packages.json names as it is now; gives back what was written. */
export async function acceptSizes(root: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const name of (await readAllowed(root)).keys()) {
    const { code } = await bundleWithInputs(join(root, `functions/${name}/index.ts`), root, LEFT_OUT);
    sizes[name] = code.byteLength;
  }
  await writeFile(join(root, SIZES_FILE), `${JSON.stringify(sizes, null, 2)}\n`);
  return sizes;
}

function kB(bytes: number): string {
  return `${Math.ceil(bytes / 1_000)} kB`;
}
