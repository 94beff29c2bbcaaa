/**
 * Keeps what V8 has made of a large file: to compile the one of the `tcb` CLI, of 32 MB, takes longer than all that it
 * does. Given to Node.js with `--require`, in front of the CLI, which runs as it is:
 * its commands that we use load nothing with `import()`, which a kept file would not know.
 */

'use strict';

const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');
const manifest = require.resolve('@cloudbase/cli/package.json');
const { version } = require(manifest);

/** For the others it isn't worth it. */
const LARGE_CHARACTERS = 5_000_000;
/** Beside the CLI: who installs another one, or removes it, removes this. */
const FOLDER = join(dirname(manifest), '../../.cache/cloudbase-cli');
const PREFIX = 'compiled-';

const { _compile: compile } = Module.prototype;
// oxlint-disable-next-line no-underscore-dangle -- Node's own name
Module.prototype._compile = function (content, filename, ...rest) {
  if (content.length < LARGE_CHARACTERS) return compile.call(this, content, filename, ...rest);
  const script = compiled(content, filename);
  const require = Module.createRequire(filename);
  return script
    .runInThisContext()
    .call(this.exports, this.exports, require, this, filename, dirname(filename));
};

function compiled(content, filename) {
  // V8 itself refuses what is of another V8, and compares no more of the source than its length: the date tells a patch.
  const stamp = `${content.length}-${statSync(filename).mtimeMs}`;
  const file = join(FOLDER, `${PREFIX}${version}-${process.version}-${process.arch}-${stamp}`);
  const cachedData = readKept(file);
  const script = new Script(Module.wrap(content), { filename, cachedData });
  // At the end: by then it holds the functions that were used.
  if (script.cachedDataRejected !== false) process.once('exit', () => keep(file, script.createCachedData()));
  return script;
}

function readKept(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** One, of 11 MB. */
function keep(file, data) {
  const own = `${file}.${process.pid}`;
  try {
    mkdirSync(FOLDER, { recursive: true });
    for (const other of readdirSync(FOLDER).filter((name) => name.startsWith(PREFIX)))
      rmSync(join(FOLDER, other), { force: true });
    writeFileSync(own, data);
    renameSync(own, file);
  } catch {
    // The next start takes longer again.
  }
}
