/**
 * Runs the bundle of scripts/cli.ts, and builds it first where the sources have changed: a start through a TypeScript
 * loader would take more than a second. A bundle lies in a folder named after the state of its sources, and never changes.
 */

'use strict';

const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');

const { explainReadOnly } = require('./read-only.cjs');

const ROOT = resolve(__dirname, '../..');
const BUNDLES = join(ROOT, 'dist/commands');
/** Large ones that few commands load, and esbuild, which finds its program beside itself. */
const LEFT_OUT = [
  '@octokit/auth-app',
  'axios',
  'co-wechat-api',
  'esbuild',
  'fast-check',
  'mitata',
  'tencentcloud-sdk-nodejs',
  'wechat-api',
];
/** Older bundles of other sources go; a command that runs still loads parts of its own. */
const KEPT_MS = 24 * 3_600_000;

exports.run = run;
exports.bundled = bundled;

async function run(args) {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endWithReader);
  try {
    const { main } = await import(pathToFileURL(join(bundled(), 'cli.js')).href);
    process.exitCode = await main(args);
  } catch (error) {
    const told = explainReadOnly(error, ROOT, isChinese(args));
    console.error(`✗ ${told ?? (error instanceof Error ? error.message : String(error))}`);
    process.exitCode = 1;
  }
}

/** Before the commands can say it: they are what could not be built. */
function isChinese(args) {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const flag = /--lang[ =](\w+)/.exec(args.join(' '))?.[1];
  return /^zh/i.test(flag ?? (LC_ALL || LC_MESSAGES || LANG || ''));
}

/** `npm start | head -3`: nobody reads any more. What runs on ends as by a signal; what is nearly done is done. */
function endWithReader(error) {
  if (error.code !== 'EPIPE') throw error;
  process.emit('SIGTERM');
}

/** The folder of the bundle, which is there. */
function bundled() {
  // Where the package is installed, there are no sources, and one bundle.
  if (!existsSync(join(ROOT, 'scripts/cli.ts'))) return BUNDLES;
  const folder = join(BUNDLES, stampOfSources());
  if (!existsSync(folder)) build(folder);
  return folder;
}

/** Of their sizes and dates: to read five hundred files at each start would take longer than all the rest. */
function stampOfSources() {
  const hash = createHash('sha256');
  const files = [
    ...sourcesIn('functions'),
    ...sourcesIn('scripts'),
    'package.json',
    'scripts/command/bundle.cjs',
    'scripts/command/bundling.cjs',
    'scripts/command/read-only.cjs',
    // npm's list of what is installed.
    'node_modules/.package-lock.json',
  ];
  for (const file of files) {
    const { size = 0, mtimeMs = 0 } = statSync(`${ROOT}/${file}`, { throwIfNoEntry: false }) ?? {};
    // A copy that keeps dates keeps milliseconds.
    hash.update(`${file} ${size} ${Math.round(mtimeMs)}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

function* sourcesIn(folder) {
  for (const entry of readdirSync(`${ROOT}/${folder}`, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* sourcesIn(`${folder}/${entry.name}`);
    else if (entry.name.endsWith('.ts')) yield `${folder}/${entry.name}`;
  }
}

function build(folder) {
  const { buildSync } = require('esbuild');
  const { BUNDLING, INSTALLED } = require('./bundling.cjs');
  mkdirSync(BUNDLES, { recursive: true });
  removeOld();
  const staging = mkdtempSync(join(BUNDLES, '.building-'));
  try {
    buildSync({
      ...BUNDLING,
      absWorkingDir: ROOT,
      outdir: staging,
      external: [...INSTALLED, ...LEFT_OUT],
      // For NODE_OPTIONS=--enable-source-maps: to read them at every start takes a tenth of a second.
      sourcemap: true,
      sourcesContent: false,
      logLevel: 'warning',
    });
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    // Another command has built the same in the meantime.
    if (!existsSync(folder)) throw error;
  }
}

function removeOld() {
  for (const name of readdirSync(BUNDLES)) {
    const folder = join(BUNDLES, name);
    const madeAtMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - madeAtMs > KEPT_MS) rmSync(folder, { recursive: true, force: true });
  }
}
