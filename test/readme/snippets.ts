/** Turns the snippets of a document into cloud functions of the embedded cloud. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FunctionDeclaration } from '../../scripts/build/declarations.ts';
import { buildFunctions } from '../../scripts/build/functions.ts';
import { ROOT } from '../support/cloud.ts';
import type { Page } from './markdown.ts';

/** Names of the functions, by the order of the snippets: `calling1`, `README1`. */
const nameOf = ({ path }: Page, index: number): string => `${basename(path, '.md')}${index + 1}`;

export const namesOf = (page: Page): string[] => snippetsOf(page).map((_, index) => nameOf(page, index));

/** The code is run as it stands but for one thing: WeChat's address is the sandbox's. */
export async function buildSnippets(page: Page): Promise<FunctionDeclaration[]> {
  const sources = 'dist/readme/sources';
  await mkdir(join(ROOT, sources), { recursive: true });
  // In the repository's tree, where the SDKs are found; .cjs, since the tree is "type": "module".
  const functions = namesOf(page).map((name) => ({ name, entry: `${sources}/${name}.cjs` }));
  for (const [index, text] of snippetsOf(page).entries())
    writeSource(join(ROOT, functions[index]!.entry), onSandbox(text));
  const built = await buildFunctions({
    root: ROOT,
    outDir: join(ROOT, 'dist/readme', basename(page.path, '.md')),
    functions,
  });
  return built.map(({ name, directory }) => ({
    name,
    directory,
    handler: 'index.main',
    timeout: 20,
    memorySize: 256,
    envVariables: { WX_API_BASE_URL: '{{env.WX_API_BASE_URL}}' },
    triggers: [],
  }));
}

/** Leaves one that is there alone: what was bundled of it is then remembered. */
export function writeSource(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

export function snippetsOf({ fences }: Page): string[] {
  return fences.filter(({ language }) => language === 'js').map(({ text }) => text);
}

function onSandbox(text: string): string {
  const changed = text
    .replaceAll('`https://api.weixin.qq.com', '`${process.env.WX_API_BASE_URL}')
    .replaceAll('createWeChat({ app', 'createWeChat({ baseUrl: process.env.WX_API_BASE_URL, app');
  if (changed === text) throw new Error(`a snippet that would ask the real WeChat:\n${text}`);
  return changed;
}
