/** Starts the embedded cloud, shows one round trip, and runs on until it is interrupted. */

import { resolve } from 'node:path';
import type { ExitCode } from '../command/definition.ts';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { createTicks } from '../dashboard/ticks.ts';
import { namesWith } from '../local/names.ts';
import { readSettings, type Flags, type Settings } from '../local/settings.ts';
import { readUserFunctions, type UserFunctions } from '../local/user-functions.ts';
import { holdFolder } from '../place/door.ts';
import { whereaboutsOf } from '../place/whereabouts.ts';
import { tellAddresses } from './addresses.ts';
import { serveDashboard } from './dashboard.ts';
import { openCloud } from './open-cloud.ts';
import { requireFree } from './port.ts';
import { modulesOf } from './prepare.ts';
import { showRoundTrip } from './round-trip.ts';
import { tellStart, tellStep } from './screen.ts';
import { publishSdkEnvironment, refuseForeign } from './sdk-env-file.ts';

export async function start(flags: Flags): Promise<ExitCode> {
  const settings = readSettings(PROJECT_FOLDER, flags);
  // Before anything is opened: two would write over each other's door, and each has a WeChat of its own.
  const release = await holdFolder(settings.dataFolder);
  try {
    return await startAlone(flags, settings);
  } finally {
    release();
  }
}

async function startAlone(flags: Flags, settings: Settings): Promise<ExitCode> {
  const envFile = flags['env-file'] === undefined ? undefined : resolve(PROJECT_FOLDER, flags['env-file']);
  if (envFile !== undefined) refuseForeign(envFile);
  await requireFree(settings.port);
  tellStart(settings);
  const own = await readOwn(flags);
  const ticks = createTicks();
  const cloud = await openCloud(flags, settings, own, ticks);
  // From now on door.json must not stay behind; a second Ctrl-C ends the process as usual.
  const interrupted = untilInterrupted();
  let unpublish: (() => void) | undefined;
  try {
    if (envFile !== undefined) unpublish = publishSdkEnvironment(envFile, cloud);
    const isWorking = await showRoundTrip(cloud, settings.variables, (outcome) =>
      ticks.record(outcome, cloud.clock.now()),
    );
    if (settings.isOnce) return isWorking ? 0 : 1;
    const at = whereaboutsOf(settings, { ...flags, local: true, port: '' });
    const functions = own.functions.map(({ name }) => name);
    const dashboard = await serveDashboard({ root: PACKAGE_FOLDER, cloud, settings, ticks, functions, at });
    tellAddresses(cloud, settings.variables, dashboard?.address);
    await interrupted;
    await dashboard?.close();
    return 0;
  } finally {
    unpublish?.();
    await cloud.close();
  }
}

/** Before anything is built: what can't be run is said at once. */
async function readOwn({ functions = [], project = [] }: Flags): Promise<UserFunctions> {
  const ours = Object.values(namesWith(''));
  const folders = { folders: functions, projects: project, modules: modulesOf(PACKAGE_FOLDER) };
  const own = await readUserFunctions(folders, ours);
  for (const line of own.warnings) tellStep(false, 'functions', line);
  return own;
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolveWait) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.once(signal, resolveWait);
  });
}
