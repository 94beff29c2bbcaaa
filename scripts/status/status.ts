/** `npm run status`: what is stored about every app, as a screen or as JSON. */

import { callOf } from '../command/call.ts';
import type { Values } from '../platform/settings.ts';
import { chooseApp, readReports } from '../place/apps.ts';
import type { Reach } from '../place/reach.ts';
import type { AppReport } from '../place/report.ts';
import { readSettings } from '../place/settings.ts';
import { clockTime } from '../command/words.ts';
import { renderApp } from './screen.ts';

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

export function renderStatus({ environment, kind, atMs, apps }: Status): string {
  const head = [environment, ...(kind === undefined ? [] : [kind]), clockTime(atMs, atMs)].join(', ');
  const nothing = ['', `no app: ${callOf('setup')} configures one, ${callOf('deploy')} brings it to life`];
  const body = apps.length === 0 ? nothing : apps.flatMap((app) => ['', ...renderApp(app, atMs)]);
  return [head, ...body].join('\n');
}
