/** `npm run doctor`: looks at everything, changes nothing, and says of each thing what it means and what cures it. */

import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { pick } from '../command/language.ts';
import type { WantedFunction } from '../deploy/wanted.ts';
import type { Reach } from '../place/reach.ts';
import { readSettings, type Settings } from '../place/settings.ts';
import type { Environment } from '../platform/environment.ts';
import type { Values } from '../platform/settings.ts';
import { examineDocuments } from './documents.ts';
import { ok, skipped, type Finding } from './finding.ts';
import { checkLocalClock, forLocal, type LocalPlace } from './local-place.ts';
import { checkClock } from './machine/clock.ts';
import { checkSecretsFile } from './machine/secrets-file.ts';
import { checkSettings } from './machine/settings.ts';
import { checkPlatform, PLATFORM_CHECKS } from './platform/checks.ts';

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
    ...(await examineDocuments(reach, effective, options.now(), options.local)),
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
