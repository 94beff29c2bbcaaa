/**
 * Runs the public tests of @cloudbase/node-sdk 2.8 with the SDK of this repository, against the embedded cloud:
 *
 *   git clone https://github.com/TencentCloudBase/node-sdk ../suite && git -C ../suite checkout b3c9dda
 *   npm ci --prefix test/sdk-suite
 *   npm start -- --functions test/sdk-suite/functions --env-file .local/cloud.env
 *
 * and beside it, in another terminal:
 *
 *   SUITE=../suite node --unhandled-rejections=warn --env-file=.local/cloud.env \
 *     test/sdk-suite/node_modules/jest/bin/jest.js -c test/sdk-suite/jest.config.cjs
 *
 * Some of the suite's promises reject without being waited for, which ended no process when it was written.
 */

'use strict';

// The suite's dates are those of its authors' time zone.
process.env.TZ = 'Asia/Shanghai';

const { join, resolve } = require('node:path');

const { SUITE } = process.env;
if (SUITE === undefined) throw new Error('SUITE must name a checkout of TencentCloudBase/node-sdk');
const modules = join(__dirname, '../../node_modules');

module.exports = {
  rootDir: resolve(SUITE),
  testEnvironment: 'node',
  testRegex: 'test/.*\\.test\\.ts$',
  setupFilesAfterEnv: [join(__dirname, 'setup.cjs')],
  testTimeout: 60_000,
  // Its files use the same collections.
  maxWorkers: 1,
  modulePaths: [modules],
  moduleNameMapper: {
    // Also of what it replaces with a mock.
    '^(?:\\.\\./)+src/(.*)$': join(modules, '@cloudbase/node-sdk/dist/$1'),
    '^\\./config$': join(__dirname, 'config.cjs'),
    '^power-assert$': join(__dirname, 'power-assert.cjs'),
  },
  transform: { '\\.ts$': join(__dirname, 'transform.cjs') },
  transformIgnorePatterns: ['/node_modules/(?!@cloudbase/database/src)'],
};
