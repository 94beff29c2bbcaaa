/** The page's files, bundled when the server starts or with the package: nothing is loaded from elsewhere. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ready, type Made } from '../build/ready.ts';
import { bundleFiles } from '../build/remembered-bundle.ts';
import { PACKAGE_FOLDER } from '../command/folders.ts';

export interface Asset {
  type: string;
  body: Buffer;
  /** For a browser that says it reads this: less than half. */
  gzipped: Buffer;
}

const PAGE = join(PACKAGE_FOLDER, 'scripts/dashboard/page');
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

const FILES = ['index.html', 'icon.svg', 'main.js', 'main.css'] as const;

/** By path. */
export async function readPage(): Promise<ReadonlyMap<string, Asset>> {
  const files = await ready(FILES, () => bundlePage());
  return new Map<string, Asset>([
    ['/', asset('text/html; charset=utf-8', files['index.html'])],
    ['/main.js', asset(JAVASCRIPT, files['main.js'])],
    ['/main.css', asset(CSS, files['main.css'])],
    ['/icon.svg', asset('image/svg+xml', files['icon.svg'])],
    ...Object.entries(ALARMS).map(([name, alarm]) => [`/icon-${name}.svg`, iconOf(alarm)] as const),
  ]);
}

/** `told` gets the sources of which something is in it: their licences go where it goes. */
export async function bundlePage(
  told: (inputs: readonly string[]) => void = () => undefined,
): Promise<Made<(typeof FILES)[number]>> {
  const [html, icon, { outputs, inputs }] = await Promise.all([
    readFile(join(PAGE, 'index.html')),
    readFile(join(PAGE, 'icon.svg')),
    bundleFiles({
      absWorkingDir: PACKAGE_FOLDER,
      entryPoints: [join(PAGE, 'main.tsx'), join(PAGE, 'main.css')],
      outdir: PAGE,
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
  told(Object.keys(inputs));
  const output = (ending: string): Uint8Array =>
    outputs.find(({ path }) => path.endsWith(ending))?.contents ?? new Uint8Array();
  return { 'index.html': html, 'icon.svg': icon, 'main.js': output('.js'), 'main.css': output('.css') };
}

/** What a tab shows when something is wrong: another colour, and for who doesn't see it another shape. */
const ALARMS = {
  watch: { colour: '#8a5300', shape: 'M16 8v10M16 24v.1' },
  act: { colour: '#b3261e', shape: 'M9.5 9.5l13 13M22.5 9.5l-13 13' },
  lost: { colour: '#56615b', shape: 'M11.5 12a4.5 4.5 0 1 1 6.5 4q-2 1-2 3.5M16 24.5v.1' },
};

function iconOf({ colour, shape }: { colour: string; shape: string }): Asset {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${colour}"/><path d="${shape}" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round"/></svg>`;
  return asset('image/svg+xml', Buffer.from(svg));
}

function asset(type: string, content: Uint8Array): Asset {
  const body = Buffer.from(content);
  return { type, body, gzipped: gzipSync(body) };
}
