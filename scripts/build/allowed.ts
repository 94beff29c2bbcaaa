/** The packages that may be in each bundle, as somebody has looked at them and written them down. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../functions/_shared/json.ts';
import type { BundledPackage } from './contents.ts';

/** Relative to the repository: a list of package names per function. */
const ALLOWED_FILE = 'scripts/build/packages.json';

const Allowed = z.record(z.string(), z.array(z.string()));

/** A repository without the file allows none. Throws one readable line when it is malformed. */
export async function readAllowed(root: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const text = await readFile(join(root, ALLOWED_FILE), 'utf8').catch(() => '{}');
  const allowed = Allowed.safeParse(parseJson(text));
  if (!allowed.success)
    throw new Error(`build: ${ALLOWED_FILE} must be JSON: {"<function>": ["<package>", …]}`);
  return new Map(Object.entries(allowed.data).map(([name, packages]) => [name, new Set(packages)]));
}

const MOST_NAMED = 5;

/** Throws one readable line that names the packages that nobody has allowed, and how to do so. */
export function requireAllowed(
  functionName: string,
  contents: readonly BundledPackage[],
  allowed: ReadonlySet<string> = new Set(),
): void {
  const strangers = contents.filter(({ name }) => !allowed.has(name));
  if (strangers.length === 0) return;
  const named = strangers.slice(0, MOST_NAMED).map((one) => `${one.name} ${one.version} (${one.licence})`);
  const rest = strangers.length - named.length;
  if (rest > 0) named.push(`${rest} more`);
  throw new Error(
    `build: ${functionName} would contain ${named.join(', ')}, which ${ALLOWED_FILE} does not list: look at what it is and who brings it (npm explain ${strangers[0]?.name ?? ''}), then add it under "${functionName}" there`,
  );
}
