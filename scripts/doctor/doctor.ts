/** `npm run doctor`: looks at everything, changes nothing, and says of each thing what it means and what cures it. */

import { names, pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import type { Whereabouts } from '../place/advice.ts';
import { AT_ENVIRONMENT } from '../place/whereabouts.ts';
import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { COLLECTION } from '../../functions/_shared/store/document.ts';
import type { WantedFunction } from '../deploy/wanted.ts';
import type { Environment } from '../platform/environment.ts';
import type { Values } from '../platform/settings.ts';
import { readReports, readTicketReports } from '../place/apps.ts';
import type { Reach } from '../place/reach.ts';
import type { AppReport } from '../place/report.ts';
import { readSettings, type Settings } from '../place/settings.ts';
import { checkApp } from './app-checks.ts';
import { checkTicket } from './ticket-check.ts';
import { ok, skipped, unseen, type Finding } from './finding.ts';
import { checkClock, checkEncryption, checkSecretsFile, checkSettings } from './machine-checks.ts';
import { checkLocalClock, forLocal, type LocalPlace } from './local-place.ts';
import { checkPlatform, PLATFORM_CHECKS } from './platform-checks.ts';

export interface DoctorOptions {
  /** Null: it could not be opened, for the reason in `closed`. */
  reach: Reach | null;
  closed?: Finding;
  /** Null on the embedded cloud. */
  environment: Environment | null;
  /** What a deployment from this checkout would make of these; asked for only where there is a platform. */
  wanted(values: Values): Promise<WantedFunction[]>;
  /** The same of the outside door; asked for only where a server needs it. */
  outside(): Promise<WantedFunction>;
  values: Values;
  envFile: string;
  now(): number;
  /** Null when nobody tells. */
  serverTime(): Promise<number | null>;
  /** Of the embedded cloud only. */
  local?: LocalPlace;
}

export async function examine(options: DoctorOptions): Promise<Finding[]> {
  const findings = await examineAll(options);
  return options.local === undefined ? findings : findings.map(forLocal(options.local));
}

async function examineAll(options: DoctorOptions): Promise<Finding[]> {
  const { reach, environment, values, envFile } = options;
  const settings = readSettings(values);
  const effective = await effectiveSettings(environment, settings);
  const machine = [checkSettings(settings), checkSecretsFile(envFile)];
  if (reach === null) return [...(options.closed ? [options.closed] : []), ...machine];
  const platform = await examinePlatform(options, settings, effective.ticks);
  if (
    platform.some(
      ({ check, severity }) => check === 'environment' && severity !== 'ok' && severity !== 'skipped',
    )
  )
    return [...platform, ...machine];
  return [
    ...platform,
    ...machine,
    await examineClock(options),
    ...(await examineApps(reach, effective, options)),
  ];
}

async function examinePlatform(
  { environment, wanted, outside, values }: DoctorOptions,
  settings: Settings,
  ticks: TickSource,
): Promise<Finding[]> {
  if (environment === null)
    return ['credentials', ...PLATFORM_CHECKS].map((check) =>
      skipped(check, pick({ en: 'only with a CloudBase environment', zh: '只适用于云开发环境' })),
    );
  const isComplete = settings.problems.length === 0;
  return [
    ok('credentials', pick({ en: 'found', zh: '已找到' })),
    ...(await checkPlatform(environment, {
      // Without the settings of the deployment only the deployment says whether the timer is meant.
      wanted: await wanted(isComplete ? values : { ...values, TICKS: ticks }),
      outside,
      ticks,
      isComplete,
    })),
  ];
}

async function examineClock({ environment, serverTime, now, local }: DoctorOptions): Promise<Finding> {
  if (environment === null) return checkLocalClock(local);
  const serverAtMs = await serverTime();
  return checkClock(serverAtMs, now());
}

/** A machine without the secrets takes the limits and keys from what is deployed. */
async function effectiveSettings(environment: Environment | null, settings: Settings): Promise<Settings> {
  if (environment === null || settings.problems.length === 0) return settings;
  const state = await environment.describeFunction(environment.names.refresh).catch(() => null);
  const deployed = state && readSettings(Object.fromEntries(state.variables));
  return deployed?.problems.length === 0 ? deployed : settings;
}

async function examineApps(
  reach: Reach,
  settings: Settings,
  { now, local }: DoctorOptions,
): Promise<Finding[]> {
  const nowMs = now();
  let reports: AppReport[];
  let tickets: AppReport[];
  try {
    reports = await readReports(reach, settings, nowMs);
    tickets = await readTicketReports(reach, settings, nowMs);
  } catch (error) {
    return [
      {
        ...unseen('documents', error),
        why: pick({
          en: 'without them nothing can be said of any token',
          zh: '没有这些记录，就无法判断任何 token',
        }),
      },
    ];
  }
  const foreign = reports.filter(({ isLeftOver }) => isLeftOver);
  const own = reports.filter((report) => !foreign.includes(report));
  return [
    checkDocuments(own, foreign),
    checkEncryption(settings.encryptionKeys, own, local),
    ...own.flatMap((report) => checkApp(report, nowMs, whereaboutsOf(local))),
    ...tickets.map((report) => checkTicket(report, nowMs)),
  ];
}

function whereaboutsOf(local: LocalPlace | undefined): Whereabouts {
  if (local === undefined) return AT_ENVIRONMENT;
  return { ...AT_ENVIRONMENT, isSandbox: !local.isWeChatReal, flags: local.flags };
}

function checkDocuments(own: readonly AppReport[], foreign: readonly AppReport[]): Finding {
  const check = 'documents';
  if (foreign.length > 0) {
    return {
      check,
      severity: 'hint',
      finding: pick({
        en: `${COLLECTION} holds ${names(foreign.map(({ appid }) => appid))}, which is not configured`,
        zh: `${COLLECTION} 里有 ${names(foreign.map(({ appid }) => appid))} 的记录，但这里没有配置这些应用`,
      }),
      why: pick({
        en: 'nobody refreshes those tokens; they are left over, or this machine is set up for another environment',
        zh: '没有人刷新这些 token：可能是以前留下的，也可能本机配置的是另一个环境',
      }),
      cure: pick({
        en: 'configure the app (WX_APPS), or remove its document in the console',
        zh: '请在 WX_APPS 中配置该应用，或者在控制台删除这条记录',
      }),
    };
  }
  if (own.length > 0)
    return ok(check, pick({ en: `${COLLECTION} can be read`, zh: `${COLLECTION} 可以读取` }));
  return {
    check,
    severity: 'problem',
    finding: pick({
      en: `${COLLECTION} holds no document, and no app is configured`,
      zh: `${COLLECTION} 里没有记录，也没有配置应用`,
    }),
    why: pick({ en: 'there is nothing to hand out', zh: '没有可以提供的 token' }),
    cure: pick({
      en: `${callOf('setup')}, then ${callOf('deploy')}`,
      zh: `请先执行 ${callOf('setup')}，再执行 ${callOf('deploy')}`,
    }),
  };
}
