/** Preloaded into a command: notes every connection and process that it begins, and lets none come about. */

'use strict';

const { appendFileSync } = require('node:fs');
const childProcess = require('node:child_process');
const dgram = require('node:dgram');
const net = require('node:net');

function forbid(owner, name) {
  owner[name] = () => {
    appendFileSync(process.env.GUARD_FILE, `${name}\n`);
    throw new Error(`guard: ${name}`);
  };
}

forbid(net.Socket.prototype, 'connect');
forbid(net.Server.prototype, 'listen');
forbid(dgram, 'createSocket');
for (const name of ['spawn', 'spawnSync', 'fork', 'exec', 'execFile']) forbid(childProcess, name);
