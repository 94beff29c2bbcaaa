/** `npm run deploy -- --local`: the same on the embedded cloud, as far as it has a meaning there. */

import { join } from 'node:path';
import { pick } from '../command/language.ts';
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
import { checkGuard } from './guard-check.ts';
import { makeFirstRefresh } from './first-refresh.ts';
import { showCheck } from './show-check.ts';
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
    screen.say(
      pick({
        en: `Would build the functions and start them on ${settings.dataFolder}, and nothing else.`,
        zh: `将构建云函数并启动，数据目录是 ${settings.dataFolder}；不做其他改动。`,
      }),
    );
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
  const isBuilt = await showCheck(
    'build',
    async () =>
      (await buildFunctions({ root, outDir: codeRoot, files: configFiles(settings.variables) }))
        .map(({ name }) => name)
        .join(pick({ en: ', ', zh: '、' })),
    screen,
  );
  return isBuilt && withCloud({ root, codeRoot, settings }, (cloud) => verifyCloud(cloud, ticks, screen));
}

async function verifyCloud(cloud: Cloud, ticks: TickSource, screen: Screen): Promise<boolean> {
  showParts(cloud, ticks, screen);
  const environment = { invoke: invokeOn(cloud), names: namesWith('') };
  const isVerified =
    (await showCheck('refresh', () => makeFirstRefresh(environment), screen)) &&
    (await showCheck('guard', () => checkGuard(environment), screen));
  screen.say(
    isVerified
      ? pick({
          en: `Deployed to the embedded cloud and verified; ${callOf('start')} keeps it running.`,
          zh: `已部署到本地模拟云环境并通过验证；用 ${callOf('start')} 让它持续运行。`,
        })
      : pick({ en: 'Stopped here.', zh: '部署在此停止。' }),
  );
  return isVerified;
}

/** A line for each step of a real deployment: what stands for it here. */
function showParts({ sandbox }: Cloud, ticks: TickSource, screen: Screen): void {
  const wechat = sandbox
    ? pick({ en: 'a sandbox plays WeChat', zh: '微信用沙箱代替' })
    : pick({ en: 'the real WeChat is asked', zh: '请求真实的微信' });
  screen.good(
    'environment',
    pick({ en: `the embedded cloud on this machine; ${wechat}`, zh: `本机的本地模拟云环境；${wechat}` }),
  );
  screen.good('collection', pick(COLLECTION_THERE));
  screen.good('functions', pick(FUNCTIONS_RUN));
  screen.skip('security rule', pick(NO_RULE));
  screen.good('variables', pick({ en: 'both functions have the same', zh: '两个云函数的环境变量相同' }));
  screen.skip('trigger', whoTicks(ticks));
  screen.skip('retries', pick({ en: 'the timer here comes once', zh: '这里的定时器不重试' }));
}

const COLLECTION_THERE = {
  en: `${COLLECTION} exists; the gateway lets nobody in but functions`,
  zh: `${COLLECTION} 存在；网关只允许云函数访问`,
};
const FUNCTIONS_RUN = {
  en: 'run this code with the settings of cloudbaserc.json',
  zh: '运行本项目的代码，配置来自 cloudbaserc.json',
};
const NO_RULE = {
  en: 'there is none here, getAccessToken itself refuses clients',
  zh: '这里没有安全规则，getAccessToken 自己拒绝客户端',
};

function whoTicks(ticks: TickSource): string {
  return ticks === 'timer'
    ? pick({
        en: `${callOf('start')} runs the timer from cloudbaserc.json`,
        zh: `由 ${callOf('start')} 按 cloudbaserc.json 运行定时器`,
      })
    : pick({ en: `no timer ticks where TICKS=${ticks}`, zh: `TICKS=${ticks} 时定时器不触发` });
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
