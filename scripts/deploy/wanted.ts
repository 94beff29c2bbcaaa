/** What `npm run deploy` makes an environment hold; cloudbaserc.json and the variables say it. */

import { join } from 'node:path';
import * as z from 'zod';
import { pick } from '../command/language.ts';
import { conceal } from '../../functions/_shared/runtime/conceal.ts';
import { readTicks } from '../../functions/_shared/runtime/config.ts';
import { readTextFile } from '../command/text-file.ts';
import { configFiles, readDeclarations, type FunctionDeclaration } from '../build/declarations.ts';
import { fillPlaceholders } from '../local/variables.ts';
import type { RetryPolicy, TriggerState } from '../platform/environment.ts';
import { readPrefix } from '../local/names.ts';
import type { Values } from '../platform/settings.ts';
import { fingerprint } from './fingerprint.ts';

export { COLLECTION, TICKETS_COLLECTION } from '../../functions/_shared/store/document.ts';

/**
 * The timer comes every 5 minutes: a failed tick is repeated after one minute and again after another, and one that
 * had to wait longer than 5 is dropped, since the next has come. https://cloud.tencent.com/document/api/583/53639
 * (read 2026-11-22)
 */
export const RETRIES = { retries: 2, keptSeconds: 300 } satisfies RetryPolicy;

export interface WantedFunction {
  /** In the environment. */
  name: string;
  /** Of its built code: the name without FUNCTION_PREFIX. */
  folder: string;
  handler: string;
  runtime: string;
  /** Seconds. */
  timeout: number;
  /** Megabytes. */
  memorySize: number;
  description: string;
  /** What stands in cloudbaserc.json, without variables and triggers: what the CLI is given. */
  forCli: Record<string, unknown>;
  /** The same for all functions, the mark of the code apart; hidden from `inspect` and JSON. */
  variables: ReadonlyMap<string, string>;
  triggers: readonly Pick<TriggerState, 'name' | 'config'>[];
}

/** A variable of the functions that tells which code and settings were uploaded; they don't read it themselves. */
export const CODE_MARK = 'DEPLOYED_CODE_SHA256';

/** Plain words only: what SCF accepts here is narrower than any text. */
export const DESCRIPTION = 'WeChat access token service, deployed by cloudbase access token';

/**
 * `codeRoot`: where the built functions are; `files`: what declares them. Throws one readable line when something is
 * missing.
 */
export async function readWanted(
  root: string,
  codeRoot: string,
  values: Values,
  files = configFiles(values),
): Promise<WantedFunction[]> {
  const declarations = await readDeclarations(root, files);
  const raw = (await Promise.all(files.map((file) => readRaw(root, file)))).flat();
  return Promise.all(
    declarations.map((declaration) => {
      const own = raw.find((entry) => entry.name === declaration.name);
      if (own === undefined) throw withoutRuntime(files, declaration.name);
      return wantOne(declaration, own, codeRoot, values);
    }),
  );
}

async function wantOne(
  declaration: FunctionDeclaration,
  own: RawFunction,
  codeRoot: string,
  values: Values,
): Promise<WantedFunction> {
  const { name: folder, handler, timeout, memorySize } = declaration;
  const { envVariables: _, triggers: __, ...rest } = own;
  const name = `${readPrefix(values)}${folder}`;
  const description = DESCRIPTION;
  const forCli = { ...rest, name, handler, timeout, memorySize, description };
  const filled = Object.entries(fillPlaceholders(declaration, values)).filter(([, value]) => value !== '');
  const variables = new Map([...filled, [CODE_MARK, await fingerprint(join(codeRoot, folder), forCli)]]);
  const hasTimer = readTicks(values['TICKS']) === 'timer';
  const triggers = hasTimer
    ? declaration.triggers.map(({ name: called, config }) => ({ name: called, config }))
    : [];
  const settings = { handler, runtime: own.runtime, timeout, memorySize, description };
  return conceal<WantedFunction>({ name, folder, ...settings, forCli, variables, triggers }, 'variables');
}

function withoutRuntime(files: readonly string[], name: string): Error {
  return new Error(
    pick({
      en: `${files.join(', ')}: function ${name} has no runtime`,
      zh: `${files.join('、')}：函数 ${name} 没有写 runtime`,
    }),
  );
}

const RawConfig = z.object({
  functions: z.array(
    z.looseObject({
      name: z.string(),
      runtime: z.string(),
      // As a text the CLI would spread it into characters, and its `*` would leave nothing to upload.
      ignore: z.array(z.string()).optional(),
    }),
  ),
});

type RawFunction = z.infer<typeof RawConfig>['functions'][number];

async function readRaw(root: string, file: string): Promise<RawFunction[]> {
  const result = RawConfig.safeParse(JSON.parse(readTextFile(join(root, file))));
  if (result.success) return result.data.functions;
  const { path, message } = result.error.issues[0] ?? { path: [], message: 'malformed' };
  throw new Error(`${file}: ${path.join('.')}: ${message}`);
}
