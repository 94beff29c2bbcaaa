/** Turns the snippets of a document into cloud functions of the embedded cloud. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionDeclaration } from '../../scripts/build/declarations.ts';
import { buildFunctions } from '../../scripts/build/functions.ts';
import { ROOT } from '../support/cloud.ts';
import type { Page } from './markdown.ts';

/** Names of the functions, by the order of the snippets. */
export const nameOf = (index: number): string => `snippet${index + 1}`;

/** The code is run as it stands but for one thing: WeChat's address is the sandbox's. */
export async function buildSnippets(page: Page): Promise<FunctionDeclaration[]> {
  const sources = 'dist/readme/sources';
  await mkdir(join(ROOT, sources), { recursive: true });
  const snippets = snippetsOf(page);
  const functions = snippets.map((_, index) => ({
    name: nameOf(index),
    // In the repository's tree, where the SDKs are found; .cjs, since the tree is "type": "module".
    entry: `${sources}/${nameOf(index)}.cjs`,
  }));
  for (const [index, text] of snippets.entries())
    await writeFile(join(ROOT, functions[index]!.entry), onSandbox(text));
  const built = await buildFunctions({ root: ROOT, outDir: join(ROOT, 'dist/readme/functions'), functions });
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

export function snippetsOf({ fences }: Page): string[] {
  return fences.filter(({ language }) => language === 'js').map(({ text }) => text);
}

function onSandbox(text: string): string {
  const address = '`https://api.weixin.qq.com';
  if (!text.includes(address)) throw new Error(`a snippet asks WeChat in no template string:\n${text}`);
  return text.replaceAll(address, '`${process.env.WX_API_BASE_URL}');
}
