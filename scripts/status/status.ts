/** `npm run status`: what is stored about every app, as a screen or as JSON. */

import { callOf } from '../command/call.ts';
import type { Values } from '../platform/settings.ts';
import { chooseApp, readReports } from '../place/apps.ts';
import type { Reach } from '../place/reach.ts';
import type { AppReport } from '../place/report.ts';
import { readSettings } from '../place/settings.ts';
import { clockTime } from '../command/words.ts';
import type { Whereabouts } from '../place/advice.ts';
import { AT_ENVIRONMENT } from '../place/whereabouts.ts';
import { renderApp } from './screen.ts';
import { texts } from './texts.ts';

export interface Status {
  environment: string;
  /** Of the environment; left out for the embedded cloud. */
  kind?: string;
  atMs: number;
  apps: AppReport[];
}

export async function readStatus(
  { reach, values }: { reach: Reach; values: Values },
  appid: string | undefined,
  nowMs: number,
  kind?: string,
): Promise<Status> {
  const apps = await readReports(reach, readSettings(values), nowMs);
  const chosen = appid === undefined ? apps : [chooseApp(apps, appid)];
  return { environment: reach.envId, ...(kind === undefined ? {} : { kind }), atMs: nowMs, apps: chosen };
}

export function renderStatus(
  { environment, kind, atMs, apps }: Status,
  at: Whereabouts = AT_ENVIRONMENT,
): string {
  const t = texts();
  const head = [environment, ...(kind === undefined ? [] : [kind]), clockTime(atMs, atMs)].join(t.separator);
  const nothing = ['', t.noApp(callOf('setup'), callOf('deploy'))];
  const body = apps.length === 0 ? nothing : apps.flatMap((app) => ['', ...renderApp(app, atMs, at)]);
  return [head, ...body].join('\n');
}
