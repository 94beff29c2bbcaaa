/** `npm start`: the whole thing on this machine, without an account. */

import { resolve } from 'node:path';
import { createCloudClock } from '../local/clock.ts';
import { startCloud } from '../local/cloud.ts';
import { serveDashboard } from './dashboard.ts';
import { createTicks } from '../dashboard/ticks.ts';
import { runCommand, type ExitCode } from '../command/command.ts';
import { prepare } from './prepare.ts';
import { tellAddresses, tellStart, tellTick } from './screen.ts';
import { showRoundTrip } from './round-trip.ts';
import { readSettings, type Flags } from '../local/settings.ts';

const root = resolve(import.meta.dirname, '../..');

await runCommand({
  name: 'start',
  description: 'The timer, the functions, the database and WeChat, on this machine.',
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
  run: start,
});

async function start(flags: Flags): Promise<ExitCode> {
  const settings = readSettings(root, flags);
  tellStart(settings);
  const { codeRoot, guests } = await prepare(root);
  const ticks = createTicks();
  const clock = createCloudClock();
  const cloud = await startCloud({
    root,
    codeRoot,
    guests,
    clock,
    dataFolder: settings.dataFolder,
    variables: settings.variables,
    isWeChatReal: settings.isWeChatReal,
    ports: { gateway: 0, sandbox: 0, door: settings.port },
    hasTimer: !settings.isOnce,
    onTick(trigger, outcome) {
      tellTick(trigger.functionName, outcome);
      ticks.record(outcome, clock.now());
    },
  }).catch((error: unknown) => {
    throw explainPort(error, settings.port);
  });
  try {
    const isWorking = await showRoundTrip(cloud, settings.variables, (outcome) =>
      ticks.record(outcome, clock.now()),
    );
    if (settings.isOnce) return isWorking ? 0 : 1;
    const dashboard = await serveDashboard({ root, cloud, settings, ticks });
    tellAddresses(cloud, dashboard?.url);
    await untilInterrupted();
    await dashboard?.close();
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
