/** Plans all that is to be written, refuses before the first byte, and then writes it. */

import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { configFiles } from '../build/declarations.ts';
import { pick } from '../command/language.ts';
import { buildFunctions } from '../build/functions.ts';
import { isTimerWanted } from '../build/ticks.ts';
import { callOf } from '../command/call.ts';
import { markedAround, PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { writeWhole } from '../command/whole-file.ts';
import { readWanted } from '../deploy/wanted.ts';
import { configFolderOf, configuredRoot } from '../local/function-root.ts';
import { readValues } from '../platform/settings.ts';
import { planEntries, type ConfigPlan } from './cloudbaserc.ts';
import { planFunction, type FunctionPlan } from './function-files.ts';
import { tellPlan } from './tell.ts';

/**
 * `given`: the folder of the functions, whose project's settings count; undefined: what `here` says, where it is
 * called. Throws one readable line, and has changed nothing.
 */
export async function add(
  given: string | undefined,
  isDryRun: boolean,
  here = PROJECT_FOLDER,
): Promise<void> {
  const root = await functionRoot(given, here);
  const project = given === undefined ? here : projectOf(root);
  const values = readValues(project);
  // What can't be read as a source of ticks must not count as one without a timer.
  isTimerWanted(values['TICKS']);
  const { wanted, plans } = await withBuilt(configFiles(values), async (codeRoot) => {
    const all = await readWanted(PACKAGE_FOLDER, codeRoot, values);
    return { wanted: all, plans: await Promise.all(all.map((one) => planFunction(codeRoot, root, one))) };
  });
  const config = await planEntries(project, root, wanted, plans);
  if (!isDryRun) await write(plans, config);
  tellPlan({ root, plans, config, wanted, isDryRun });
}

async function functionRoot(given: string | undefined, project: string): Promise<string> {
  if (given === undefined) {
    const root = configuredRoot(project);
    if (root !== undefined) return root;
    throw new Error(
      pick({
        en: `neither project.config.json's cloudfunctionRoot nor cloudbaserc.json's functionRoot says where your functions are: name their folder (${callOf('add', 'cloudfunctions')})`,
        zh: `project.config.json 的 cloudfunctionRoot 和 cloudbaserc.json 的 functionRoot 都没有指明云函数目录：请写上目录（${callOf('add', 'cloudfunctions')}）`,
      }),
    );
  }
  const folder = resolve(given);
  if (await isFolder(folder)) return folder;
  throw new Error(
    pick({
      en: `${folder} is no folder: create it first, or name another`,
      zh: `${folder} 不是目录：请先创建，或者换一个`,
    }),
  );
}

/** The CLI is called there, and fills the placeholders from what is set there. */
function projectOf(root: string): string {
  return markedAround(root) ?? configFolderOf(root);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function withBuilt<T>(files: readonly string[], run: (codeRoot: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'access-token-add-'));
  try {
    const codeRoot = join(folder, 'functions');
    await buildFunctions({ root: PACKAGE_FOLDER, outDir: codeRoot, files });
    return await run(codeRoot);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(plans: readonly FunctionPlan[], config: ConfigPlan): Promise<void> {
  for (const { folder, files } of plans) {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of files) writeWhole(join(folder, name), content);
  }
  if (config.kind === 'change') writeWhole(config.file, config.text);
}
