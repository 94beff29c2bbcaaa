/**
 * Caches V8's compiled code of the `tcb` CLI, one file of 32 MB: compiling it takes longer than all that the CLI does.
 * Given to Node.js with `--require`, in front of the CLI, which runs as it is. The commands of it that we use never call
 * `import()`, which cached code doesn't support.
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

/** Nothing smaller is cached. */
const LARGE_CHARACTERS = 5_000_000;
/** Beside the CLI, in node_modules: a clean install removes it. */
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
  // V8 rejects the cache of another V8, but of the source it compares only the length: the date reveals a patch.
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

/** One file of 11 MB. */
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
