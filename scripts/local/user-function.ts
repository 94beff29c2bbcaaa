/** One cloud function of the user, as its folder and the cloudbaserc.json near it declare it. */

import { existsSync, statSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import * as z from 'zod';
import type { FunctionDeclaration } from '../build/declarations.ts';
import { readJsonFile } from '../command/json-file.ts';
import { pick } from '../command/language.ts';
import { lintCron } from './timer/cron.ts';

export function readFunction(
  directory: string,
  declared: readonly FunctionDeclaration[],
  modules: string,
): FunctionDeclaration | undefined {
  const name = basename(directory);
  const main = statSync(directory).isDirectory() ? mainOf(directory) : undefined;
  if (main === undefined) return undefined;
  const { permissions, ...own } = readConfig(join(directory, 'config.json'));
  const fromRoot = declared.find((declaration) => declaration.name === name);
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const read = { ...DEFAULTS, handler: `${main}.main`, ...fromRoot, ...given };
  for (const { config } of read.triggers) refuseCron(name, config);
  return {
    ...read,
    envVariables: { ...givenTo(modules), ...read.envVariables },
    name,
    directory,
    openapi: permissions?.openapi ?? [],
    reread: () => readFunction(directory, declared, modules) ?? refuseFolder(directory),
  };
}

/** What DevTools keeps beside a function. https://developers.weixin.qq.com/miniprogram/dev/wxcloudservice/wxcloud/guide/functions/triggers.html (read 2026-11-28) */
const Config = z.object({
  triggers: z.array(z.object({ name: z.string(), type: z.literal('timer'), config: z.string() })).optional(),
  permissions: z.object({ openapi: z.array(z.string()).optional() }).optional(),
  timeout: z.number().positive().optional(),
  memorySize: z.number().positive().optional(),
  envVariables: z.record(z.string(), z.string()).optional(),
});

/** Of the CLI and of DevTools. */
const DEFAULTS = { timeout: 3, memorySize: 256, envVariables: {}, triggers: [] };

/** What a function needs to meet WeChat's sandbox, empty where WeChat is the real one, and to find our client. */
function givenTo(modules: string): Record<string, string> {
  const client = modules === '' ? {} : { NODE_PATH: modules };
  return {
    WX_API_BASE_URL: '{{env.WX_API_BASE_URL}}',
    FUNCTION_PREFIX: '{{env.FUNCTION_PREFIX}}',
    ...client,
  };
}

function readConfig(file: string): z.output<typeof Config> {
  const config = Config.safeParse(readJsonFile(file) ?? {});
  if (config.success) return config.data;
  throw new Error(
    pick({
      en: `${file}: can't read ${config.error.issues[0]?.path.join('.')}`,
      zh: `${file}：读不懂 ${config.error.issues[0]?.path.join('.')}`,
    }),
  );
}

function refuseCron(name: string, config: string): void {
  const fault = lintCron(config);
  if (fault !== undefined)
    throw new Error(
      pick({ en: `${name}: its timer trigger ${fault}`, zh: `${name}：它的定时触发器 ${fault}` }),
    );
}

function refuseFolder(directory: string): never {
  throw new Error(
    pick({
      en: `${directory} is no function any more: it has neither an index.js nor a main`,
      zh: `${directory} 已不是云函数：既没有 index.js，也没有 main`,
    }),
  );
}

/** Without its extension; undefined when the folder is no function. */
function mainOf(directory: string): string | undefined {
  const main = readJsonFile(join(directory, 'package.json'))?.['main'];
  const file = posix.normalize(typeof main === 'string' ? main : 'index.js').replace(/\.js$/, '');
  if (existsSync(join(directory, `${file}.js`))) return file;
  return existsSync(join(directory, 'index.js')) ? 'index' : undefined;
}
