/** `npm run deploy -- --local`: the same on the embedded cloud, as far as it has a meaning there. */

import { join } from 'node:path';
import { callOf } from '../command/call.ts';
import { configFiles } from '../build/declarations.ts';
import { buildFunctions } from '../build/functions.ts';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { createCloudClock } from '../local/clock.ts';
import { COLLECTION, startCloud, type Cloud } from '../local/cloud.ts';
import type { Environment } from '../platform/environment.ts';
import { namesWith } from '../local/names.ts';
import { createRedactor } from '../platform/redact.ts';
import { holdFolder } from '../place/door.ts';
import { readSettings, type Settings } from '../local/settings.ts';
import { checkValues } from './checks.ts';
import { firstRefresh, provenGuard } from './proof.ts';
import { prove } from './prove.ts';
import { createScreen, type Screen } from './screen.ts';
import { definedOnly } from '../local/variables.ts';

/** True when all holds. Throws one readable line when it can't even begin. */
export async function deployLocally(
  { data, sandbox }: { data: string; sandbox: boolean },
  isDryRun: boolean,
): Promise<boolean> {
  const settings = readSettings(PROJECT_FOLDER, { once: true, sandbox, data });
  const values = definedOnly(settings.variables);
  const screen = createScreen(createRedactor(values));
  const { ticks } = checkValues(values);
  if (isDryRun) {
    screen.say(`Would build the functions and start them on ${settings.dataFolder}, and nothing else.`);
    return true;
  }
  const release = await holdFolder(settings.dataFolder);
  try {
    return await deployAlone(settings, ticks, screen);
  } finally {
    release();
  }
}

async function deployAlone(settings: Settings, ticks: TickSource, screen: Screen): Promise<boolean> {
  const root = PACKAGE_FOLDER;
  const codeRoot = join(root, 'dist/functions');
  const isBuilt = await prove(
    'build',
    async () =>
      (await buildFunctions({ root, outDir: codeRoot, files: configFiles(settings.variables) }))
        .map(({ name }) => name)
        .join(', '),
    screen,
  );
  return isBuilt && withCloud({ root, codeRoot, settings }, (cloud) => proveCloud(cloud, ticks, screen));
}

async function proveCloud(cloud: Cloud, ticks: TickSource, screen: Screen): Promise<boolean> {
  const wechat = cloud.sandbox ? 'a sandbox plays WeChat' : 'the real WeChat is asked';
  screen.good('environment', `the embedded cloud on this machine; ${wechat}`);
  screen.good('collection', `${COLLECTION} exists; the gateway lets nobody in but functions`);
  screen.good('functions', 'run this code with the settings of cloudbaserc.json');
  screen.skip('security rule', 'there is none here, getAccessToken itself refuses clients');
  screen.good('variables', 'both functions have the same');
  screen.skip(
    'trigger',
    ticks === 'timer'
      ? `${callOf('start')} runs the timer from cloudbaserc.json`
      : `no timer ticks where TICKS=${ticks}`,
  );
  screen.skip('retries', 'the timer here comes once');
  const environment = { invoke: invokeOn(cloud), names: namesWith('') };
  const isProven =
    (await prove('refresh', () => firstRefresh(environment), screen)) &&
    (await prove('guard', () => provenGuard(environment), screen));
  screen.say(
    isProven
      ? `Deployed to the embedded cloud and verified; ${callOf('start')} keeps it running.`
      : 'Stopped here.',
  );
  return isProven;
}

/** Calls as the console and the management API do: without any identity. */
function invokeOn({ host }: Cloud): Environment['invoke'] {
  return async (name, event) => {
    const outcome = await host.invoke({ name, event, caller: { kind: 'management' } });
    return 'failure' in outcome ? { failure: outcome.failure.message } : outcome;
  };
}

interface Start {
  root: string;
  codeRoot: string;
  settings: Settings;
}

async function withCloud<T>(
  { root, codeRoot, settings }: Start,
  run: (cloud: Cloud) => Promise<T>,
): Promise<T> {
  const { dataFolder, variables, isWeChatReal, proxy } = settings;
  const clock = createCloudClock();
  const cloud = await startCloud({ root, codeRoot, clock, dataFolder, variables, isWeChatReal, proxy });
  try {
    return await run(cloud);
  } finally {
    await cloud.close();
  }
}
