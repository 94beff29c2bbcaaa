/** How esbuild bundles the commands: for a clone, which bundles its own, and for the package that npx runs. */

'use strict';

const { dirname, join } = require('node:path');

/** Native code, a program of its own, and what loads its parts by names that it makes up: they come with an install. */
exports.INSTALLED = ['@cloudbase/cli', '@cloudbase/manager-node', 'lmdb'];

/** The libraries are in the bundle: to find and read the hundreds of small files that they are of takes a second. */
exports.BUNDLING = {
  entryPoints: ['scripts/cli.ts'],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  alias: {
    // The form that it has for Node.js looks for its parts in a way that no bundler sees.
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
    // Of the form that it has for Node.js nothing can be left out.
    mingo: join(dirname(require.resolve('mingo/package.json')), 'esm'),
  },
  // Node.js reads a third less at each start; NODE_OPTIONS=--enable-source-maps finds the lines all the same.
  minifyWhitespace: true,
  // Node.js prints the source line of an error that nobody caught: it must not be the whole file.
  lineLimit: 120,
  // CommonJS in an ES module: esbuild's own stand-in for `require` knows no module of Node.js.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
  },
  charset: 'utf8',
};
