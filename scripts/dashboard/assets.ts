/** The page's files, bundled when the server starts: nothing is loaded from elsewhere. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PACKAGE_FOLDER } from '../command/folders.ts';

export interface Asset {
  type: string;
  body: Buffer;
}

const PAGE = join(PACKAGE_FOLDER, 'scripts/dashboard/page');
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** By path. */
export async function bundlePage(): Promise<ReadonlyMap<string, Asset>> {
  const [html, icon, { outputFiles }] = await Promise.all([
    readFile(join(PAGE, 'index.html')),
    readFile(join(PAGE, 'icon.svg')),
    build({
      entryPoints: [join(PAGE, 'main.tsx'), join(PAGE, 'main.css')],
      outdir: PAGE,
      write: false,
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
    }),
  ]);
  const output = (ending: string): Buffer =>
    Buffer.from(outputFiles.find(({ path }) => path.endsWith(ending))?.contents ?? '');
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', body: html }],
    ['/main.js', { type: JAVASCRIPT, body: output('.js') }],
    ['/main.css', { type: CSS, body: output('.css') }],
    ['/icon.svg', { type: 'image/svg+xml', body: icon }],
  ]);
}
