/** The user's own cloud functions, as their folders declare them: what runs beside ours in the embedded cloud. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '../command/json-file.ts';
import { pick } from '../command/language.ts';
import { asWord } from '../command/words.ts';
import { readDeclarations, type FunctionDeclaration } from '../build/declarations.ts';
import { ADDED_MARK, CONFIG_FILE, configFolderOf, configuredRoot } from './function-root.ts';
import { lintCron } from './timer/cron.ts';

export interface UserFunctions {
  functions: FunctionDeclaration[];
  /** What the user should know, a line each: packages that aren't installed. */
  warnings: string[];
}

export interface UserFolders {
  /** Each holds a folder per function. */
  folders: readonly string[];
  /** Mini programs, which say where those are. */
  projects: readonly string[];
  /** Holds packages that are there without an install. */
  modules?: string;
}

export async function readUserFunctions(
  { folders, projects, modules = '' }: UserFolders,
  reserved: readonly string[],
): Promise<UserFunctions> {
  const roots = [...folders, ...projects.map(functionRootOf)].map((folder) => resolve(folder));
  const found = await Promise.all(roots.map((root) => readRoot(root, modules)));
  const functions = found.flat();
  const names = [...reserved, ...functions.map(({ name }) => name)];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new Error(
      pick({
        en: `two functions are named ${twice}${reserved.includes(twice) ? ', and one of them is ours' : ''}: rename yours`,
        zh: `有两个云函数都叫 ${twice}${reserved.includes(twice) ? '，其中一个是本项目的' : ''}：请给你的改名`,
      }),
    );
  return { functions, warnings: functions.flatMap((own) => missingPackages(own, modules)) };
}

function functionRootOf(project: string): string {
  const root = configuredRoot(project);
  if (root !== undefined) return root;
  throw new Error(
    pick({
      en: `${project}: neither project.config.json's cloudfunctionRoot nor cloudbaserc.json's functionRoot says where the functions are; name their folder with --functions`,
      zh: `${project}：project.config.json 的 cloudfunctionRoot 和 cloudbaserc.json 的 functionRoot 都没有指明云函数目录；请用 --functions 指定`,
    }),
  );
}

async function readRoot(root: string, modules: string): Promise<FunctionDeclaration[]> {
  if (!existsSync(root) || !statSync(root).isDirectory())
    throw new Error(pick({ en: `${root}: no such folder of functions`, zh: `${root}：没有这个云函数目录` }));
  const declared = await readDeclared(root);
  const functions = readdirSync(root)
    .toSorted()
    // Ours run anyway, as they are now.
    .filter((name) => readJsonFile(join(root, name, 'package.json'))?.[ADDED_MARK] === undefined)
    .flatMap((name) => readFunction(join(root, name), declared, modules) ?? []);
  if (functions.length === 0)
    throw new Error(
      pick({
        en: `${root} holds no function: a folder with an index.js, or with a main in its package.json`,
        zh: `${root} 里没有云函数：云函数是含有 index.js、或 package.json 中有 main 的目录`,
      }),
    );
  return functions;
}

/** Of the cloudbaserc.json beside the functions or above them; only what it says of them counts. */
async function readDeclared(root: string): Promise<FunctionDeclaration[]> {
  const folder = configFolderOf(root);
  const declares = readJsonFile(join(folder, CONFIG_FILE))?.['functions'] !== undefined;
  return declares ? readDeclarations(folder) : [];
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

function readFunction(
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

/** Not on npm yet: an install would fail. */
const CLIENT_PACKAGE = 'cloudbase-access-token';

function missingPackages({ name, directory = '' }: FunctionDeclaration, modules: string): string[] {
  const dependencies = Object.keys(readJsonFile(join(directory, 'package.json'))?.['dependencies'] ?? {});
  const isThere = (dependency: string): boolean => {
    if (modules !== '' && dependency === CLIENT_PACKAGE) return true;
    for (let folder = directory; ; folder = dirname(folder)) {
      if (existsSync(join(folder, 'node_modules', dependency))) return true;
      if (folder === dirname(folder)) return false;
    }
  };
  if (dependencies.every(isThere)) return [];
  return [
    pick({
      en: `${name}: its packages are not installed; run npm install --prefix ${asWord(directory)}`,
      zh: `${name}：它的依赖没有安装；请执行 npm install --prefix ${asWord(directory)}`,
    }),
  ];
}
