/** Before each file of the suite: what its own runner allowed, and no way to anywhere but this machine. */

'use strict';

const dns = require('node:dns');

// Some of them are async, to no purpose.
const { describe } = globalThis;
globalThis.describe = Object.assign((name, define) => describe(name, () => void define()), describe);

// Some of its tests ask Tencent's address.
const { lookup } = dns;
dns.lookup = (name, ...rest) => {
  if (name === 'localhost' || name === '127.0.0.1') return lookup(name, ...rest);
  const error = Object.assign(new Error(`${name} is not this machine`), { code: 'ENOTFOUND' });
  return process.nextTick(rest.at(-1), error);
};
