/** The dashboard of a place that is looked at from outside: a CloudBase environment, or the embedded cloud's data. */

import { randomUUID } from 'node:crypto';
import { readReports, readTicketReports } from '../place/apps.ts';
import type { Place } from '../place/open.ts';
import { readSettings } from '../place/settings.ts';
import type { Whereabouts } from '../place/advice.ts';
import { AT_ENVIRONMENT } from '../place/whereabouts.ts';
import type { Source } from './feed.ts';

/** A database query for each read: seldom enough to cost nothing, often enough for a token that lives two hours. */
const CLOUD_PERIOD_MS = 30_000;
/** A file on this machine. */
const LOCAL_PERIOD_MS = 2_000;

export function readingSource(
  { reach, values }: Pick<Place, 'reach' | 'values'>,
  now: () => number | Promise<number>,
  at: Whereabouts = AT_ENVIRONMENT,
): Source {
  const settings = readSettings(values);
  const periodMs = reach.kind === 'cloud' ? CLOUD_PERIOD_MS : LOCAL_PERIOD_MS;
  const runId = randomUUID();
  return {
    periodMs,
    beatMs: 0,
    async read() {
      const atMs = await now();
      const apps = await readReports(reach, settings, atMs);
      const tickets = await readTicketReports(reach, settings, atMs);
      const { kind: place, envId: environment } = reach;
      const snapshot = {
        runId,
        at,
        place,
        environment,
        periodMs,
        atMs,
        apps,
        tickets,
        timer: null,
        userProject: null,
        sandbox: null,
      };
      return { mark: '', snapshot };
    },
  };
}
