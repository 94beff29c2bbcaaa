/** The page's files, bundled when the server starts: nothing is loaded from elsewhere. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import { KEY_HEADER } from './snapshot.ts';

export interface Asset {
  type: string;
  body: Buffer;
}

const PAGE = join(PACKAGE_FOLDER, 'scripts/dashboard/page');
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** By path. `key` is what the page needs for the knobs; undefined where there are none. */
export async function bundlePage(key: string | undefined): Promise<ReadonlyMap<string, Asset>> {
  const [html, icon, { outputFiles }] = await Promise.all([
    readFile(join(PAGE, 'index.html'), 'utf8'),
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
  const meta = key === undefined ? '' : `<meta name="${KEY_HEADER}" content="${key}" />`;
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', body: Buffer.from(html.replace('<!-- key -->', meta)) }],
    ['/main.js', { type: JAVASCRIPT, body: output('.js') }],
    ['/main.css', { type: CSS, body: output('.css') }],
    ['/icon.svg', { type: 'image/svg+xml', body: icon }],
  ]);
}
