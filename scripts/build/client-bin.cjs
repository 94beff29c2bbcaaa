#!/usr/bin/env node
/** Runs the commands of this version: those installed beside the client, else those that npm fetches. */

'use strict';

const { spawnSync } = require('child_process');
const { join, resolve } = require('path');
const { version } = require('./package.json');

const NAME = 'cloudbase-access-token-commands';
const installed = find();
if (installed) require(installed);
else run();

function find() {
  try {
    const manifest = require.resolve(`${NAME}/package.json`, { paths: [__dirname, process.cwd()] });
    if (require(manifest).version === version) return join(manifest, '../scripts/run.cjs');
  } catch {
    // It is not installed.
  }
}

function run() {
  const what = packedBeside() || `${NAME}@${version}`;
  const call = ['exec', '--yes', `--package=${what}`, '--', 'cloudbase-access-token'];
  const npm = process.env.npm_execpath || '';
  // Without a shell, where it can be: on Windows it would read the arguments in its own way.
  const hasPath = /np[mx]-cli\.js$/.test(npm);
  const { status, error } = spawnSync(
    hasPath ? process.execPath : 'npm',
    [...(hasPath ? [join(npm, '../npm-cli.js')] : []), ...call, ...process.argv.slice(2)],
    { stdio: 'inherit', shell: !hasPath && process.platform === 'win32' },
  );
  if (error) console.error(`npm: ${error.message}`);
  process.exitCode = status ?? 1;
}

/** The client came from a packed file: then the commands are in the one beside it, or nowhere. */
function packedBeside() {
  let from;
  try {
    from = require('../.package-lock.json').packages['node_modules/cloudbase-access-token'].resolved;
  } catch {
    // Another package manager has installed it.
  }
  return from?.startsWith('file:') && resolve(__dirname, '../..', from.slice(5), `../${NAME}-${version}.tgz`);
}
