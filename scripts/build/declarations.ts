/** What cloudbaserc.json says about the functions: the one source for build, function host and timer. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJsonText } from '../command/json-file.ts';
import { decodeText } from '../command/text-file.ts';

const Trigger = z.object({ name: z.string(), type: z.literal('timer'), config: z.string() });

/** The defaults are those of `tcb fn deploy` 2.12.10. */
const Declaration = z.object({
  // The name becomes a folder: no dots, no slashes.
  name: z.string().regex(/^[A-Za-z][\w-]{0,59}$/),
  handler: z.string().default('index.main'),
  /** Seconds, as in cloudbaserc.json. */
  timeout: z.number().default(10),
  /** Megabytes. */
  memorySize: z.number().default(256),
  /** As written, `{{env.X}}` placeholders included. */
  envVariables: z.record(z.string(), z.string()).default({}),
  triggers: z.array(Trigger).default([]),
});

const Config = z.object({ functions: z.array(Declaration) });

export interface FunctionDeclaration extends z.infer<typeof Declaration> {
  /** Where the built code is, for a function that does not come from cloudbaserc.json. */
  directory?: string;
  /** What it may call of `cloud.openapi`: `permissions.openapi` of its config.json. */
  openapi?: readonly string[];
  /** For code that its author edits while it runs: what its folder declares by now. Throws one readable line. */
  reread?: () => FunctionDeclaration;
}

/** Declares getTicket as cloudbaserc.json does the other two. */
export const TICKETS_CONFIG = 'cloudbaserc.tickets.json';
const CONFIG = 'cloudbaserc.json';

/** What declares the functions that these variables ask for: getTicket is one only where WX_TICKETS is set. */
export function configFiles(values: Readonly<Record<string, string | undefined>>): readonly string[] {
  return values['WX_TICKETS']?.trim() ? [CONFIG, TICKETS_CONFIG] : [CONFIG];
}

/** Reads `<root>/cloudbaserc.json`, or others of its kind. Throws one readable line when one is missing or malformed. */
export async function readDeclarations(
  root: string,
  files: readonly string[] = [CONFIG],
): Promise<FunctionDeclaration[]> {
  return (await Promise.all(files.map((file) => readOne(root, file)))).flat();
}

async function readOne(root: string, file: string): Promise<FunctionDeclaration[]> {
  const bytes = await readFile(join(root, file)).catch(() => {
    throw new Error(`${file}: not found in ${root}`);
  });
  const result = Config.safeParse(parseJsonText(decodeText(bytes, file), file));
  if (result.success) return result.data.functions;
  const { path, message } = result.error.issues[0] ?? { path: [], message: 'malformed' };
  throw new Error(`${file}: ${path.join('.')}: ${message}`);
}
