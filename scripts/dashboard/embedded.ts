/** The dashboard of a running embedded cloud, from the inside: its database, its clock, its timer and its sandbox. */

import { randomUUID } from 'node:crypto';
import { readDeclarations } from '../build/declarations.ts';
import { TICKETS_COLLECTION } from '../../functions/_shared/store/document.ts';
import { COLLECTION, type Cloud } from '../local/cloud.ts';
import { triggersOf } from '../local/timer/timer.ts';
import { definedOnly, type Variables } from '../local/variables.ts';
import { readReports, readTicketReports } from '../place/apps.ts';
import { documentsOf } from '../place/local-documents.ts';
import { readSettings } from '../place/settings.ts';
import type { Whereabouts } from '../place/advice.ts';
import type { Source } from './feed.ts';
import type { UserProject } from './user-project.ts';
import type { Knobs } from './knobs.ts';
import type { Snapshot } from './snapshot.ts';
import type { Ticks } from './ticks.ts';

export interface EmbeddedOptions {
  root: string;
  cloud: Cloud;
  variables: Variables;
  ticks: Ticks;
  /** Undefined where WeChat is the real one. */
  knobs: Knobs | undefined;
  userProject?: UserProject;
  at: Whereabouts;
}

const ENVIRONMENT = 'local-env';
/** The database is in this process: a read costs no more than a timer. A change shows within a second. */
const PERIOD_MS = 250;
const BEAT_MS = 5_000;

export async function embeddedSource(options: EmbeddedOptions): Promise<Source> {
  const { root, cloud, variables, ticks, knobs, userProject, at } = options;
  const { clock, timer, database } = cloud;
  const settings = readSettings(definedOnly(variables));
  const documents = (name: string) => documentsOf(database, name);
  const [trigger] = triggersOf(await readDeclarations(root));
  const runId = randomUUID();
  return {
    periodMs: PERIOD_MS,
    beatMs: BEAT_MS,
    async read() {
      const atMs = clock.now();
      const apps = await readReports({ documents }, settings, atMs);
      const tickets = await readTicketReports({ documents }, settings, atMs);
      const nextAtMs = (trigger && timer.nextAtMs(trigger, atMs)) ?? null;
      const state = {
        timer: settings.ticks === 'timer' ? { last: ticks.last(), nextAtMs } : null,
        sandbox: knobs?.state() ?? null,
        userProject: userProject?.state() ?? null,
      };
      const snapshot: Snapshot = {
        runId,
        at,
        place: 'embedded',
        environment: ENVIRONMENT,
        periodMs: PERIOD_MS,
        atMs,
        apps,
        tickets,
        ...state,
      };
      const kept = [COLLECTION, TICKETS_COLLECTION].filter((name) => database.hasCollection(name));
      const stored = kept.map((name) => database.collection(name).find({ query: {} }));
      return { mark: JSON.stringify([stored, state]), snapshot };
    },
  };
}
