#!/usr/bin/env node
/* oxlint-disable no-var -- written for every Node.js there is: an old one must be able to read this to refuse it */
/** Runs a command of scripts/cli.ts: `node scripts/run.cjs status --local`. Checks the Node.js version before anything else. */

'use strict';

var engines = require('../package.json').engines;
var needed = engines.node.replace('>=', '');

if (isOlder(process.versions.node.split('.'), needed.split('.'))) {
  var isChinese = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
  console.error(
    isChinese
      ? '✗ 需要 Node.js ' + needed + ' 或更高版本，现在是 ' + process.versions.node + '：https://nodejs.org'
      : '✗ Node.js ' +
          needed +
          ' or later is needed, and this is ' +
          process.versions.node +
          ': https://nodejs.org',
  );
  process.exitCode = 1;
} else {
  void require('./command/bundle.cjs').run(process.argv.slice(2));
}

function isOlder(given, wanted) {
  for (var i = 0; i < wanted.length; i++) {
    if (Number(given[i]) !== Number(wanted[i])) return Number(given[i]) < Number(wanted[i]);
  }
  return false;
}
