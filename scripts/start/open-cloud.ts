/** The embedded cloud as `npm start` runs it: with the user’s functions, and each tick told. */

import { resolve } from 'node:path';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { pick } from '../command/language.ts';
import type { Ticks } from '../dashboard/ticks.ts';
import { createCloudClock } from '../local/clock.ts';
import { startCloud, type Cloud } from '../local/cloud.ts';
import { OUR_COLLECTIONS } from '../local/our-collections.ts';
import { NO_SEED, readSeed } from '../local/seed.ts';
import type { Flags, Settings } from '../local/settings.ts';
import type { UserFunctions } from '../local/user-functions.ts';
import { explainPort } from './port.ts';
import { GUEST, prepare, prepareModules } from './prepare.ts';
import { tellLine, tellOwnTick, tellTick } from './screen.ts';

export async function openCloud(
  flags: Flags,
  settings: Settings,
  { functions }: UserFunctions,
  ticks: Ticks,
): Promise<Cloud> {
  const names = new Set(functions.map(({ name }) => name));
  const seed =
    flags.seed === undefined ? NO_SEED : readSeed(resolve(PROJECT_FOLDER, flags.seed), OUR_COLLECTIONS);
  refuseUnknown(flags.inspect ?? [], names);
  const root = PACKAGE_FOLDER;
  const { codeRoot, guests } = await prepare(root, settings.variables);
  if (names.size > 0) await prepareModules(root);
  const clock = createCloudClock();
  const { dataFolder, variables, isWeChatReal, proxy, port, isOnce } = settings;
  return startCloud({
    root,
    codeRoot,
    // The round trip keeps its example under that name; the user's copy of it would be the same.
    guests: [...guests, ...functions.filter(({ name }) => name !== GUEST)],
    clock,
    seed,
    dataFolder,
    variables,
    isWeChatReal,
    proxy,
    ports: { gateway: 0, sandbox: 0, door: port },
    hasTimer: !isOnce,
    isPublished: !isOnce,
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
    throw explainPort(error, port);
  });
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
