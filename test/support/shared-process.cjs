/** The child of shared-process.ts: runs one command after the other, as scripts/run.cjs runs one. */

'use strict';

const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const { bundled } = require(join(process.argv[2], 'scripts/command/bundle.cjs'));
const entry = import(pathToFileURL(join(bundled(), 'cli.js')).href);

/** Both streams in the order in which they were written, and each for itself. */
let written;
for (const [name, stream] of [
  ['out', process.stdout],
  ['err', process.stderr],
])
  stream.write = (chunk, encoding, callback) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    if (written !== undefined) {
      written[name] += text;
      written.output += text;
    }
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };

process.on('message', ({ id, args, env }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  written = { out: '', err: '', output: '' };
  void entry.then(({ main }) => main(args)).then((code) => process.send({ id, code, ...written }));
});
process.on('disconnect', () => process.exit());
