/** What the platform says of the deployment: the same comparisons that `npm run deploy` makes, without its writes. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { said } from '../command/said.ts';
import { phrases, pick, type Text } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { readConfig, type Config, type TickSource } from '../../functions/_shared/runtime/config.ts';
import { configFiles } from '../build/declarations.ts';
import { buildFunctions } from '../build/functions.ts';
import type { Site } from '../deploy/site.ts';
import type { Step } from '../deploy/step.ts';
import { codeStep } from '../deploy/steps/code.ts';
import { collectionStep } from '../deploy/steps/collection.ts';
import { namesStep } from '../deploy/steps/names.ts';
import { retriesStep } from '../deploy/steps/retries.ts';
import { ruleStep } from '../deploy/steps/rule.ts';
import { ticketSteps } from '../deploy/steps/tickets.ts';
import { ticksStep } from '../deploy/steps/ticks.ts';
import { triggerStep } from '../deploy/steps/trigger.ts';
import { variablesStep } from '../deploy/steps/variables.ts';
import { wantOutside } from '../deploy/outside/parts.ts';
import { readWanted, type WantedFunction } from '../deploy/wanted.ts';
import type { Environment } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';
import { describeKind, whyUnsupported } from '../platform/kind.ts';
import type { Values } from '../platform/settings.ts';
import { ok, unseen, type Finding } from './finding.ts';
import { checkAccount } from './account-check.ts';
import { checkWaysIn, outsideDoorStep } from './outside-checks.ts';

/** What happens while the deployment differs from what this checkout says. */
const WHYS: Record<string, Text> = {
  names: {
    en: `${callOf('deploy')} stops before it changes anything`,
    zh: `${callOf('deploy')} 会在改动任何内容之前停止`,
  },
  collection: {
    en: 'open, everybody who runs the mini program can read the token',
    zh: '没有限制时，任何打开小程序的人都能读到 token',
  },
  functions: {
    en: 'what runs is not what is here, so nothing that was tested here is proven there',
    zh: '云端运行的代码或配置与本机不同，本机的测试结果不能代表云端',
  },
  'security rule': {
    en: 'the first wall is missing; getAccessToken itself still refuses clients',
    zh: '缺少第一道防线；getAccessToken 自己仍会拒绝客户端',
  },
  variables: {
    en: 'the functions run with other settings than this machine says',
    zh: '云函数使用的配置与本机的不同',
  },
  trigger: {
    en: 'the token is refreshed by callers that happen to need it, or by a timer that is not meant',
    zh: 'token 只能由碰巧需要它的调用方刷新，或者由多余的定时器刷新',
  },
  retries: {
    en: 'a failed tick is repeated too often or not at all',
    zh: '触发失败后重试过多，或者不重试',
  },
  'outside door': {
    en: 'a server without a door gets no token, and a door without a server is a way in that nobody needs',
    zh: '有服务器而没有入口，就获取不到 token；有入口而没有服务器，则是多余的入口',
  },
};

/** Only where ticks are meant to come from there. */
const FROM_OUTSIDE = {
  en: 'a token is refreshed only when callers find it late',
  zh: '只有调用方发现早该更换时，token 才会刷新',
};

export const PLATFORM_CHECKS = [
  'environment',
  ...Object.keys(WHYS),
  'ways in',
  'account',
  'configuration',
  'egress IP',
];

/** What a deployment from this checkout would make. */
export interface WantedParts {
  wanted: readonly WantedFunction[];
  /** The outside door; asked for only where a server needs it. */
  outside(): Promise<WantedFunction>;
  /** Where ticks are meant to come from. */
  ticks: TickSource;
  /** Whether this machine knows the variables. */
  isComplete: boolean;
}

export async function checkPlatform(
  environment: Environment,
  { wanted, outside, ticks, isComplete }: WantedParts,
): Promise<Finding[]> {
  const reached = await checkEnvironment(environment);
  if (reached.severity !== 'ok') return [reached];
  const upload = (): Promise<never> => Promise.reject(new Error('the doctor changes nothing'));
  const site: Site = {
    environment,
    wanted,
    ticks,
    upload,
    outside: async () => ({ wanted: await outside(), upload }),
    sleep: () => Promise.resolve(),
    get: () => Promise.reject(new Error('the doctor asks nobody')),
  };
  const steps = [
    collectionStep,
    ticketSteps,
    codeStep,
    ruleStep,
    triggerStep,
    retriesStep,
    ...(isComplete ? [variablesStep] : []),
    ...(ticks === 'outside' ? [ticksStep] : []),
  ];
  const all = [...steps.flatMap((create) => create(site)), outsideDoorStep(site, isComplete)];
  const names = await checkStep(namesStep(site));
  // Where it stops at the names, the rest of a deployment is not what would be done.
  const findings = names.severity === 'problem' ? [] : await Promise.all(all.map(checkStep));
  const others = [checkWaysIn, checkAccount, checkConfiguration, checkEgress].map((run) => run(environment));
  return [reached, names, ...findings, ...(await Promise.all(others))];
}

/** Builds this checkout beside the real output, so that looking changes nothing. */
export function wantedOf(root: string, values: Values): Promise<WantedFunction[]> {
  return inScratch(async (folder) => {
    await buildFunctions({ root, outDir: join(folder, 'functions'), files: configFiles(values) });
    return readWanted(root, join(folder, 'functions'), values);
  });
}

export function outsideOf(root: string, values: Values): Promise<WantedFunction> {
  return inScratch((folder) => wantOutside(root, join(folder, 'outside'), values));
}

async function inScratch<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkEnvironment(environment: Environment): Promise<Finding> {
  const check = 'environment';
  try {
    const info = await environment.describe();
    const why = whyUnsupported(info);
    if (why !== undefined) throw why;
    const { envId, status } = info;
    return ok(
      check,
      pick({
        en: `${envId} answers${status === undefined ? '' : ` (${status})`}, the credentials are good; ${describeKind(info)}`,
        zh: `${envId} 可以访问${status === undefined ? '' : `（${status}）`}，凭证有效；${describeKind(info)}`,
      }),
    );
  } catch (error) {
    const isAnswer =
      error instanceof PlatformError &&
      /^(NO_ENVIRONMENT|ENVIRONMENT_UNUSABLE|UNSUPPORTED_ENVIRONMENT|AuthFailure|UnauthorizedOperation)/.test(
        error.code,
      );
    return {
      ...unseen(check, error),
      severity: isAnswer ? 'problem' : 'unseen',
      why: pick({ en: 'nothing else could be looked at', zh: '其他内容都无法检查' }),
    };
  }
}

async function checkStep(step: Step): Promise<Finding> {
  const { title: check } = step;
  const why = pick(WHYS[check] ?? FROM_OUTSIDE);
  try {
    const differences = await step.differences();
    if (differences.length === 0) return ok(check, step.goal);
    return {
      check,
      severity: 'problem',
      finding: pick({
        en: `${callOf('deploy')} would ${phrases(differences)}`,
        zh: `${callOf('deploy')} 将会：${phrases(differences)}`,
      }),
      why,
      cure: callOf('deploy'),
    };
  } catch (error) {
    if (!(error instanceof PlatformError) || !DECIDED.has(error.code)) return unseen(check, error);
    return { check, severity: 'problem', finding: error.message, why, cure: error.cure };
  }
}

/** Answers that are findings, not failures to look. */
const DECIDED = new Set([
  'NOT_OURS',
  'NEWER_DOCUMENT',
  'OTHER_RUNTIME',
  'CREATE_FAILED',
  'FUNCTION_GONE',
  'NO_DATABASE',
  'RULE_UNREADABLE',
  'NO_HTTP_ACCESS',
  'PATH_TAKEN',
  'NO_TICKER',
]);

/** The variables as deployed, judged by the functions' own reading; names are told, values never. */
async function checkConfiguration(environment: Environment): Promise<Finding> {
  const check = 'configuration';
  try {
    const { refresh } = environment.names;
    const state = await environment.describeFunction(refresh);
    if (state === null)
      return {
        check,
        severity: 'unseen',
        finding: pick({ en: `${refresh} is not deployed`, zh: `${refresh} 没有部署` }),
        cure: callOf('deploy'),
      };
    const config = readConfig(Object.fromEntries(state.variables));
    if (config.ok) return tellConfiguration(check, config.config);
    return {
      check,
      severity: 'problem',
      finding: pick({
        en: `the deployed variables are of no use: ${phrases(config.problems.map(said))}`,
        zh: `云端的环境变量无法使用：${phrases(config.problems.map(said))}`,
      }),
      why: pick({ en: 'every call is answered with 500', zh: '每次调用都会返回 500' }),
      cure: pick({
        en: `${callOf('setup')}, then ${callOf('deploy')}`,
        zh: `请先执行 ${callOf('setup')}，再执行 ${callOf('deploy')}`,
      }),
    };
  } catch (error) {
    return unseen(check, error);
  }
}

function tellConfiguration(check: string, { apps, ticks, alertWebhookUrl, warnings }: Config): Finding {
  if (warnings.length === 0 && ticks === 'readers' && alertWebhookUrl !== null)
    return {
      check,
      severity: 'hint',
      finding: pick({
        en: 'ALERT_WEBHOOK_URL is set, and no ticks are meant to come (TICKS=readers)',
        zh: '设置了 ALERT_WEBHOOK_URL，但没有设置触发（TICKS=readers）',
      }),
      why: pick({
        en: 'ticks send the alerts: nobody is told when something goes wrong',
        zh: '告警由触发发出：出了问题不会有人收到',
      }),
      cure: pick({
        en: `${callOf('doctor')} every hour in a crontab says it by its exit code; or TICKS=timer or outside, then ${callOf('deploy')}`,
        zh: `请用 crontab 每小时执行 ${callOf('doctor')}，并按退出码告警；或者设为 TICKS=timer 或 outside，再执行 ${callOf('deploy')}`,
      }),
    };
  if (warnings.length === 0)
    return ok(
      check,
      pick({
        en: `deployed for ${apps.map(({ appid }) => appid).join(', ')}`,
        zh: `已部署，应用：${apps.map(({ appid }) => appid).join('、')}`,
      }),
    );
  return {
    check,
    severity: 'problem',
    finding: phrases(warnings.map(said)),
    why: pick({
      en: 'tokens are refreshed and served, but without what the variable asks for',
      zh: 'token 照常刷新和提供，但没有该变量所要的功能',
    }),
    cure: pick({
      en: `correct it in .env.local or the environment, then ${callOf('deploy')}`,
      zh: `请在 .env.local 或环境变量里改正，再执行 ${callOf('deploy')}`,
    }),
  };
}

async function checkEgress(environment: Environment): Promise<Finding> {
  const check = 'egress IP';
  try {
    const ips = (await environment.describeFunction(environment.names.refresh))?.egressIps ?? [];
    if (ips.length > 0)
      return ok(
        check,
        pick({
          en: `fixed: ${ips.join(', ')}; belongs on the whitelist of every app that has one`,
          zh: `已固定：${ips.join('、')}；请加进每个应用的 IP 白名单（如果设了）`,
        }),
      );
    return {
      check,
      severity: 'hint',
      finding: pick({
        en: 'not fixed: the functions call WeChat from changing addresses',
        zh: '没有固定：云函数请求微信的地址会变化',
      }),
      why: pick({
        en: 'an app with an IP whitelist refuses them (40164); without a whitelist nothing has to be done',
        zh: '应用设了 IP 白名单时，微信会拒绝白名单之外的地址（40164）；没有白名单就不用处理',
      }),
      cure: pick({
        en: 'only with a whitelist: switch the fixed egress IP of both functions on in the console, and add it there',
        zh: '只在有白名单时处理：在控制台为两个云函数开启固定出口 IP，并加进白名单',
      }),
    };
  } catch (error) {
    return unseen(check, error);
  }
}
