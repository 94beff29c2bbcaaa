/** `npm run status`: what is stored about every app, as a screen or as JSON. */

import { callOf } from '../command/call.ts';
import type { Values } from '../platform/settings.ts';
import { chooseApp, readReports, readTicketReports } from '../place/apps.ts';
import type { Reach } from '../place/reach.ts';
import type { AppReport } from '../place/report.ts';
import { readSettings } from '../place/settings.ts';
import { clockTime } from '../command/words.ts';
import type { Whereabouts } from '../place/advice.ts';
import { AT_ENVIRONMENT } from '../place/whereabouts.ts';
import { renderApp, renderTicket } from './screen.ts';
import { texts } from './texts.ts';

export interface Status {
  environment: string;
  /** Of the environment; left out for the embedded cloud. */
  kind?: string;
  atMs: number;
  apps: AppReport[];
  /** Of each ticket that is configured here; left out where none is. */
  tickets?: AppReport[];
}

export async function readStatus(
  { reach, values }: { reach: Reach; values: Values },
  appid: string | undefined,
  nowMs: number,
  kind?: string,
): Promise<Status> {
  const settings = readSettings(values);
  const apps = await readReports(reach, settings, nowMs);
  const tickets = await readTicketReports(reach, settings, nowMs);
  const chosen = appid === undefined ? apps : [chooseApp(apps, appid)];
  const own = tickets.filter((ticket) => appid === undefined || ticket.appid.startsWith(`${appid}:`));
  return {
    environment: reach.envId,
    ...(kind === undefined ? {} : { kind }),
    atMs: nowMs,
    apps: chosen,
    ...(own.length > 0 ? { tickets: own } : {}),
  };
}

export function renderStatus(
  { environment, kind, atMs, apps, tickets = [] }: Status,
  at: Whereabouts = AT_ENVIRONMENT,
): string {
  const t = texts();
  const head = [environment, ...(kind === undefined ? [] : [kind]), clockTime(atMs, atMs)].join(t.separator);
  const nothing = ['', t.noApp(callOf('setup'), callOf('deploy'))];
  const body = apps.length === 0 ? nothing : apps.flatMap((app) => ['', ...renderApp(app, atMs, at)]);
  const below = tickets.length === 0 ? [] : ['', ...tickets.map((ticket) => renderTicket(ticket, atMs))];
  return [head, ...body, ...below].join('\n');
}
