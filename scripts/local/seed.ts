/** `--seed`: a folder of JSON files that fill collections at the start, and the rules under which a mini program sees them. */

import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { pick } from '../command/language.ts';
import { readTextFile } from '../command/text-file.ts';
import { AccessRule } from './database/access-rule.ts';
import { isDocument, parseEjsonValue, type Document } from './database/document.ts';
import type { Database } from './database/open.ts';

export interface Seed {
  documents: Readonly<Record<string, readonly Document[]>>;
  /** By collection. */
  rules: ReadonlyMap<string, AccessRule>;
}

export const NO_SEED: Seed = { documents: {}, rules: new Map() };

/** Beside the collections' files, whose names don't begin with an underscore. */
const RULES_FILE = '_rules.json';

/** Throws one readable line for a folder or a file that can't be used, and for a collection of ours. */
export function readSeed(folder: string, reserved: readonly string[]): Seed {
  if (!existsSync(folder))
    throw new Error(pick({ en: `--seed: there is no folder ${folder}`, zh: `--seed：没有目录 ${folder}` }));
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== RULES_FILE);
  if (files.length === 0)
    throw new Error(
      pick({
        en: `--seed: ${folder} holds no <collection>.json; each one fills the collection of its name`,
        zh: `--seed：${folder} 里没有 <集合名>.json；每个文件填充同名的集合`,
      }),
    );
  const documents = files.map(
    (file) => [basename(file, '.json'), readDocuments(join(folder, file))] as const,
  );
  const rules = existsSync(join(folder, RULES_FILE))
    ? readRules(join(folder, RULES_FILE))
    : new Map<string, AccessRule>();
  const ours = [...files.map((file) => basename(file, '.json')), ...rules.keys()].find((name) =>
    reserved.includes(name),
  );
  if (ours !== undefined)
    throw new Error(
      pick({
        en: `--seed: ${ours} is a collection of ours: leave it out`,
        zh: `--seed：${ours} 是本项目的集合，不能填充`,
      }),
    );
  return { documents: Object.fromEntries(documents), rules };
}

/** Collections that hold something are left as they are: the data of an earlier start is the user's work. */
export async function fillCollections(database: Database, { documents, rules }: Seed): Promise<void> {
  for (const name of [...rules.keys(), ...Object.keys(documents)])
    if (!database.hasCollection(name)) database.createCollection(name);
  for (const [name, list] of Object.entries(documents)) {
    const collection = database.collection(name);
    if (list.length > 0 && collection.count({}) === 0) await collection.insert([...list]);
  }
}

/** A JSON array, or a document on each line as the console exports them; extended JSON in both. */
function readDocuments(file: string): Document[] {
  const text = readTextFile(file).trim();
  const parts = text.startsWith('[') ? [text] : text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return parts.flatMap((part, index) => {
    const found = documentsIn(part);
    if (found.every(isDocument)) return found;
    throw new Error(
      pick({
        en: `--seed: ${file} is neither a JSON array of documents nor a document on each line (line ${index + 1})`,
        zh: `--seed：${file} 既不是 JSON 文档数组，也不是每行一个文档（第 ${index + 1} 行）`,
      }),
    );
  });
}

function documentsIn(text: string): unknown[] {
  try {
    return [parseEjsonValue(text)].flat();
  } catch {
    return [undefined];
  }
}

function readRules(file: string): ReadonlyMap<string, AccessRule> {
  try {
    const rules = z.record(z.string(), AccessRule).parse(JSON.parse(readTextFile(file)));
    return new Map(Object.entries(rules));
  } catch {
    throw new Error(
      pick({
        en: `--seed: ${file} must give each collection one of ${AccessRule.options.join(', ')}`,
        zh: `--seed：${file} 给每个集合的值只能是 ${AccessRule.options.join('、')}`,
      }),
    );
  }
}
