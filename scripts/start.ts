/** `npm start`: the whole thing on this machine, without an account. */

import { resolve } from 'node:path';
import { defineCommand, runMain } from 'citty';
import { createCloudClock } from './local/clock.ts';
import { startCloud } from './local/cloud.ts';
import { prepare } from './start/prepare.ts';
import { tellAddresses, tellStart, tellTick } from './start/screen.ts';
import { showRoundTrip } from './start/round-trip.ts';
import { readSettings, type Flags } from './start/settings.ts';

const root = resolve(import.meta.dirname, '..');

const command = defineCommand({
  meta: {
    name: 'npm start',
    description: 'The timer, the functions, the database and WeChat, on this machine.',
  },
  args: {
    once: { type: 'boolean', default: false, description: 'one round trip, then exit 0 if it worked' },
    sandbox: {
      type: 'boolean',
      default: false,
      description: 'WeChat is the sandbox, whatever credentials are set',
    },
    port: {
      type: 'string',
      description: 'port of the client door (default 18600, with --once any free one)',
    },
    data: { type: 'string', default: '.local/data', description: 'folder of the database' },
  },
  async run({ args }) {
    process.exitCode = await start(args).catch((error: unknown) => {
      console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    });
  },
});

await runMain(command);

async function start(flags: Flags): Promise<number> {
  const settings = readSettings(root, flags);
  tellStart(settings);
  const { codeRoot, guests } = await prepare(root);
  const cloud = await startCloud({
    root,
    codeRoot,
    guests,
    clock: createCloudClock(),
    dataFolder: settings.dataFolder,
    variables: settings.variables,
    isWeChatReal: settings.isWeChatReal,
    ports: { gateway: 0, sandbox: 0, door: settings.port },
    hasTimer: !settings.isOnce,
    onTick: (trigger, outcome) => tellTick(trigger.functionName, outcome),
  }).catch((error: unknown) => {
    throw explainPort(error, settings.port);
  });
  try {
    const isWorking = await showRoundTrip(cloud);
    if (settings.isOnce) return isWorking ? 0 : 1;
    tellAddresses(cloud);
    await untilInterrupted();
    return 0;
  } finally {
    await cloud.close();
  }
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolveWait) => {
    process.once('SIGINT', resolveWait);
    process.once('SIGTERM', resolveWait);
  });
}

function explainPort(error: unknown, port: number): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new Error(
    `port ${port} is busy, perhaps by another npm start: stop that one, or choose another port with npm start -- --port ${port + 100}`,
  );
}
