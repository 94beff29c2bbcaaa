/** The user's own cloud functions, as their folders declare them: what runs beside ours in the embedded cloud. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readDeclarations, type FunctionDeclaration } from '../build/declarations.ts';
import { readJsonFile } from '../command/json-file.ts';
import { pick } from '../command/language.ts';
import { ADDED_MARK, CONFIG_FILE, configFolderOf, configuredRoot } from './function-root.ts';
import { missingPackages } from './missing-packages.ts';
import { readFunction } from './user-function.ts';

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
  refuseSameNames(functions, reserved);
  return { functions, warnings: functions.flatMap((own) => missingPackages(own, modules)) };
}

function refuseSameNames(functions: readonly FunctionDeclaration[], reserved: readonly string[]): void {
  const names = [...reserved, ...functions.map(({ name }) => name)];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new Error(
    pick({
      en: `two functions are named ${twice}${reserved.includes(twice) ? ', and one of them is ours' : ''}: rename yours`,
      zh: `有两个云函数都叫 ${twice}${reserved.includes(twice) ? '，其中一个是本项目的' : ''}：请给你的改名`,
    }),
  );
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
