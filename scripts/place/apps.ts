/** Which apps there are to speak of: those with a document, and those that are configured here. */

import { names, pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { COLLECTION, TICKETS_COLLECTION } from '../../functions/_shared/store/document.ts';
import type { Documents } from '../platform/environment.ts';
import type { Reach } from './reach.ts';
import { reportOn, reportOnNothing } from './read-report.ts';
import type { AppReport } from './report.ts';
import type { Settings } from './settings.ts';

/** One report per app, in the order of the AppIDs. An app without a document is reported as an empty one. */
export async function readReports(
  { documents }: Pick<Reach, 'documents'>,
  settings: Settings,
  nowMs: number,
): Promise<AppReport[]> {
  return readFrom(documents(COLLECTION), settings, settings.apps, nowMs);
}

/** The same for tickets, of which `appid` is the AppID, a colon and the type; none where none are configured here. */
export async function readTicketReports(
  { documents }: Pick<Reach, 'documents'>,
  settings: Settings,
  nowMs: number,
): Promise<AppReport[]> {
  if (settings.tickets.length === 0) return [];
  return readFrom(documents(TICKETS_COLLECTION), settings, settings.tickets, nowMs);
}

async function readFrom(
  documents: Pick<Documents, 'list'>,
  settings: Settings,
  configured: Settings['apps'],
  nowMs: number,
): Promise<AppReport[]> {
  const stored = await documents.list();
  const reports = stored.map((document) => reportOn(document, settings, nowMs));
  const known = new Set(reports.map(({ appid }) => appid));
  const missing = configured.filter(({ appid }) => !known.has(appid));
  return [...reports, ...missing.map(({ appid }) => reportOnNothing(appid, settings, nowMs))].toSorted(
    (a, b) => (a.appid < b.appid ? -1 : 1),
  );
}

/** The app that a command is about: the one that is named, or the only one there is. */
export function chooseApp(reports: readonly AppReport[], appid: string | undefined): AppReport {
  const appids = reports.map((report) => report.appid);
  if (appids.length === 0)
    throw new Error(
      pick({
        en: `there is no app: ${callOf('setup')} configures one, ${callOf('deploy')} brings it to life`,
        zh: `没有应用：用 ${callOf('setup')} 配置，再用 ${callOf('deploy')} 部署`,
      }),
    );
  if (appid === undefined && appids.length > 1)
    throw new Error(
      pick({
        en: `there are several apps, so --appid is needed: one of ${names(appids)}`,
        zh: `有多个应用，需要用 --appid 指定：${names(appids)}`,
      }),
    );
  const chosen = reports.find((report) => report.appid === (appid ?? appids[0]));
  if (chosen === undefined)
    throw new Error(
      pick({
        en: `there is no app ${appid}: --appid must be one of ${names(appids)}`,
        zh: `没有应用 ${appid}：--appid 只能是 ${names(appids)}`,
      }),
    );
  return chosen;
}
