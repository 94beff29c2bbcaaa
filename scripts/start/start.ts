/** Starts the embedded cloud, shows one round trip, and runs on until it is interrupted. */

import { resolve } from 'node:path';
import { pick } from '../command/language.ts';
import type { ExitCode } from '../command/definition.ts';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { createTicks } from '../dashboard/ticks.ts';
import { createCloudClock } from '../local/clock.ts';
import { OUR_COLLECTIONS, startCloud } from '../local/cloud.ts';
import { namesWith } from '../local/names.ts';
import { NO_SEED, readSeed } from '../local/seed.ts';
import { readUserFunctions, type UserFunctions } from '../local/user-functions.ts';
import { readSettings, type Flags, type Settings } from '../local/settings.ts';
import { holdFolder } from '../place/door.ts';
import { whereaboutsOf } from '../place/whereabouts.ts';
import { serveDashboard } from './dashboard.ts';
import { explainPort, requireFree } from './port.ts';
import { GUEST, modulesOf, prepare, prepareModules } from './prepare.ts';
import { showRoundTrip } from './round-trip.ts';
import { publishSdkEnvironment, refuseForeign } from './sdk-env-file.ts';
import { tellAddresses, tellLine, tellOwnTick, tellStart, tellStep, tellTick } from './screen.ts';

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
  const root = PACKAGE_FOLDER;
  const own = await readOwn(root, flags);
  for (const line of own.warnings) tellStep(false, 'functions', line);
  const names = new Set(own.functions.map(({ name }) => name));
  const seed =
    flags.seed === undefined ? NO_SEED : readSeed(resolve(PROJECT_FOLDER, flags.seed), OUR_COLLECTIONS);
  refuseUnknown(flags.inspect ?? [], names);
  const { codeRoot, guests } = await prepare(root, settings.variables);
  if (names.size > 0) await prepareModules(root);
  const ticks = createTicks();
  const clock = createCloudClock();
  const cloud = await startCloud({
    root,
    codeRoot,
    // The round trip keeps its example under that name; the user's copy of it would be the same.
    guests: [...guests, ...own.functions.filter(({ name }) => name !== GUEST)],
    clock,
    seed,
    dataFolder: settings.dataFolder,
    variables: settings.variables,
    isWeChatReal: settings.isWeChatReal,
    proxy: settings.proxy,
    ports: { gateway: 0, sandbox: 0, door: settings.port },
    hasTimer: !settings.isOnce,
    isPublished: !settings.isOnce,
    host: {
      inspected: flags.inspect ?? [],
      log(_, line) {
        if (names.has(line.name) && (!flags.quiet || line.text.startsWith(INSPECTOR))) tellLine(line);
      },
    },
    onTick({ functionName }, outcome) {
      if (names.has(functionName)) return tellOwnTick(functionName, outcome);
      tellTick(functionName, outcome, clock.now());
      ticks.record(outcome, clock.now());
    },
  }).catch((error: unknown) => {
    throw explainPort(error, settings.port);
  });
  // From now on door.json must not stay behind; a second Ctrl-C ends the process as usual.
  const interrupted = untilInterrupted();
  let unpublish: (() => void) | undefined;
  try {
    if (envFile !== undefined) unpublish = publishSdkEnvironment(envFile, cloud);
    const isWorking = await showRoundTrip(cloud, settings.variables, (outcome) =>
      ticks.record(outcome, clock.now()),
    );
    if (settings.isOnce) return isWorking ? 0 : 1;
    const at = whereaboutsOf(settings, { ...flags, local: true, port: '' });
    const dashboard = await serveDashboard({ root, cloud, settings, ticks, functions: [...names], at });
    tellAddresses(cloud, settings.variables, dashboard?.address);
    await interrupted;
    await dashboard?.close();
    return 0;
  } finally {
    unpublish?.();
    await cloud.close();
  }
}

/** By Node.js itself; what `--inspect` was given for. */
const INSPECTOR = 'Debugger listening on';

function refuseUnknown(inspected: readonly string[], names: ReadonlySet<string>): void {
  const unknown = inspected.find((name) => !names.has(name));
  if (unknown === undefined) return;
  const listed = [...names].join(pick({ en: ', ', zh: '、' }));
  const known =
    names.size > 0
      ? pick({ en: `they are ${listed}`, zh: `现有 ${listed}` })
      : pick({ en: 'name their folder with --functions', zh: '请用 --functions 指定它们的目录' });
  throw new Error(
    pick({
      en: `--inspect: none of your functions is named ${JSON.stringify(unknown)}; ${known}`,
      zh: `--inspect：你的云函数中没有 ${JSON.stringify(unknown)}；${known}`,
    }),
  );
}

/** Before anything is built: what can't be run is said at once. */
async function readOwn(root: string, { functions = [], project = [] }: Flags): Promise<UserFunctions> {
  const ours = Object.values(namesWith(''));
  const folders = { folders: functions, projects: project, modules: modulesOf(root) };
  return readUserFunctions(folders, ours);
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolveWait) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.once(signal, resolveWait);
  });
}
