/** What `npm run deploy` makes an environment hold; cloudbaserc.json and the variables say it. */

import { join } from 'node:path';
import * as z from 'zod';
import { pick } from '../command/language.ts';
import { conceal } from '../../functions/_shared/runtime/conceal.ts';
import { readTicks } from '../../functions/_shared/runtime/config.ts';
import { readTextFile } from '../command/text-file.ts';
import { configFiles, readDeclarations } from '../build/declarations.ts';
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
  const prefix = readPrefix(values);
  const hasTimer = readTicks(values['TICKS']) === 'timer';
  const wanted = declarations.map(async (declaration): Promise<WantedFunction> => {
    const { name: folder, handler, timeout, memorySize } = declaration;
    const own = raw.find((entry) => entry.name === folder);
    if (own === undefined)
      throw new Error(
        pick({
          en: `${files.join(', ')}: function ${folder} has no runtime`,
          zh: `${files.join('、')}：函数 ${folder} 没有写 runtime`,
        }),
      );
    const name = `${prefix}${folder}`;
    const { envVariables: _, triggers: __, ...rest } = own;
    const forCli = { ...rest, name, handler, timeout, memorySize, description: DESCRIPTION };
    const filled = Object.entries(fillPlaceholders(declaration, values)).filter(([, value]) => value !== '');
    const mark = await fingerprint(join(codeRoot, folder), forCli);
    const variables = new Map([...filled, [CODE_MARK, mark]]);
    const triggers = hasTimer
      ? declaration.triggers.map(({ name: called, config }) => ({ name: called, config }))
      : [];
    const description = DESCRIPTION;
    return conceal<WantedFunction>(
      {
        name,
        folder,
        handler,
        timeout,
        memorySize,
        runtime: own.runtime,
        description,
        forCli,
        variables,
        triggers,
      },
      'variables',
    );
  });
  return Promise.all(wanted);
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

async function readRaw(root: string, file: string): Promise<z.infer<typeof RawConfig>['functions']> {
  const result = RawConfig.safeParse(JSON.parse(readTextFile(join(root, file))));
  if (result.success) return result.data.functions;
  const { path, message } = result.error.issues[0] ?? { path: [], message: 'malformed' };
  throw new Error(`${file}: ${path.join('.')}: ${message}`);
}
