/** What one function's folder is to hold, and whether it may be written: only over what `add` has written itself. */

import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { pick } from '../command/language.ts';
import { parseJson } from '../../functions/_shared/json.ts';
import { FORMAT } from '../../functions/_shared/store/format.ts';
import { callOf } from '../command/call.ts';
import type { WantedFunction } from '../deploy/wanted.ts';
import { ADDED_MARK as MARK } from '../local/function-root.ts';

export interface FunctionPlan {
  name: string;
  folder: string;
  kind: 'new' | 'upgrade' | 'same';
  /** To write, in this order: the mark comes last. */
  files: readonly (readonly [name: string, content: Buffer])[];
}

/** With the format of the documents that the functions write, and each file's hash. */
const Manifest = z.looseObject({
  [MARK]: z.object({ format: z.number(), files: z.record(z.string(), z.string()) }),
});
const MANIFEST = 'package.json';
const CONFIG = 'config.json';

/** Throws one readable line where something else is in the way. */
export async function planFunction(
  codeRoot: string,
  root: string,
  { name, folder: built, triggers }: WantedFunction,
): Promise<FunctionPlan> {
  const folder = join(root, name);
  const wanted = onlyFiles(await readAll(join(codeRoot, built)));
  if (triggers.length === 0) wanted.set(CONFIG, withoutTriggers(wanted.get(CONFIG)));
  const present = await readAll(folder);
  const plain = [...wanted].filter(([file]) => file !== MANIFEST);
  const manifest = withMark(wanted.get(MANIFEST), new Map(plain));
  const target = new Map([...plain, [MANIFEST, manifest] as const]);
  if (present.size > 0) requireOurs(folder, present, target);
  const files = [...target].filter(([file, content]) => !isSame(present.get(file), content));
  const kind = present.size === 0 ? 'new' : files.length === 0 ? 'same' : 'upgrade';
  return { name, folder, kind, files };
}

function requireOurs(
  folder: string,
  present: ReadonlyMap<string, Buffer | null>,
  target: ReadonlyMap<string, Buffer>,
): void {
  const manifest = Manifest.safeParse(parseJson(present.get(MANIFEST)?.toString() ?? ''));
  if (!manifest.success)
    throw new Error(
      pick({
        en: `${folder} is there, and ${callOf('add')} did not write it: nothing was changed; rename or remove that function, or give ours other names (FUNCTION_PREFIX=wx- in .env.local)`,
        zh: `${folder} 已存在，而且不是 ${callOf('add')} 写的：没有改动任何内容；请给那个函数改名或删除，或者给本项目的函数换名字（在 .env.local 里写 FUNCTION_PREFIX=wx-）`,
      }),
    );
  const { format, files } = manifest.data[MARK];
  if (format > FORMAT)
    throw new Error(
      pick({
        en: `${folder} is of a newer version, whose documents this one can't read (format ${format}, this one knows ${FORMAT}): nothing was changed; run ${callOf('add')} of that version or a later one`,
        zh: `${folder} 来自更新的版本，它的记录这个版本读不了（格式 ${format}，这个版本只认到 ${FORMAT}）：没有改动任何内容；请用那个版本或更新的版本执行 ${callOf('add')}`,
      }),
    );
  // One that is new already is of an upgrade that was interrupted.
  const changed = [...target].find(([name, content]) => {
    const found = present.get(name);
    if (found === null) return true;
    return name !== MANIFEST && found && !isSame(found, content) && files[name] !== hashOf(found);
  })?.[0];
  if (changed === undefined) return;
  throw new Error(
    pick({
      en: `${join(folder, changed)} was changed after ${callOf('add')} had written it: nothing was changed; keep a copy of your change, remove that file, and run the command again`,
      zh: `${join(folder, changed)} 在 ${callOf('add')} 写入之后被改动过：没有改动任何内容；请备份你的改动，删除该文件，再重新执行`,
    }),
  );
}

function withMark(manifest: Buffer | undefined, files: ReadonlyMap<string, Buffer>): Buffer {
  const built = JSON.parse(manifest?.toString() ?? '{}') as object;
  const hashes = Object.fromEntries([...files].map(([name, content]) => [name, hashOf(content)]));
  const note = `written by "${callOf('add')}", which upgrades it; your changes belong elsewhere`;
  return Buffer.from(
    `${JSON.stringify({ ...built, [MARK]: { note, format: FORMAT, files: hashes } }, null, 2)}\n`,
  );
}

/** Git may have given a text the line ends of another system. */
function hashOf(content: Buffer): string {
  return createHash('sha256')
    .update(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    .digest('hex');
}

function isSame(one: Buffer | null | undefined, other: Buffer): boolean {
  return one != null && hashOf(one) === hashOf(other);
}

/** `TICKS` says that no timer is to come. */
function withoutTriggers(config: Buffer | undefined): Buffer {
  const built = JSON.parse(config?.toString() ?? '{}') as object;
  return Buffer.from(`${JSON.stringify({ ...built, triggers: [] }, null, 2)}\n`);
}

function onlyFiles(all: ReadonlyMap<string, Buffer | null>): Map<string, Buffer> {
  return new Map([...all].flatMap(([name, content]) => (content === null ? [] : [[name, content]])));
}

/** What is in a folder; null for what is no file of its own: a link, a folder. None where there is no such folder. */
async function readAll(folder: string): Promise<Map<string, Buffer | null>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new Error(
      pick({
        en: `${folder} can't be read (${error.code ?? error.message}): make it a readable folder`,
        zh: `${folder} 读不了（${error.code ?? error.message}）：请让它可读`,
      }),
      {
        cause: error,
      },
    );
  });
  const files = new Map<string, Buffer | null>();
  for (const entry of entries)
    files.set(entry.name, entry.isFile() ? await readFile(join(folder, entry.name)) : null);
  return files;
}
