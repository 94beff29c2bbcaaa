/** What the suite imports by this name: a function with methods, which don't ask how many arguments they were given. */

'use strict';

const assert = require('node:assert');

const strictEqual = (actual, expected, message) => assert.strictEqual(actual, expected, message);

module.exports = Object.assign((...given) => assert(...given), assert, {
  strictEqual,
  __esModule: true,
  default: assert,
});
