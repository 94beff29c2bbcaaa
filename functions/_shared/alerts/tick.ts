/** The part of a tick in the alerts: it clears the missed ticks, checks every app, and reports what has changed. */

import type { App } from '../token/app.ts';
import { MISSED_TICK } from '../store/document.ts';
import { changesOf } from './changes.ts';
import { findingsOf } from './conditions.ts';
import { readOpenIncidents } from './incidents.ts';
import type { OpenIncidents, Kind } from './incidents.ts';
import { logFailure, sendAlert } from './send-alert.ts';
import type { AlertPorts } from './send-alert.ts';
import type { Observer } from './observe.ts';

interface Round {
  apps: readonly App[];
  /** It came from where ticks are meant to come from: only that proves that they do. */
  isMeant: boolean;
  /** Real time since the function was called. */
  elapsedMs: number;
}

/** Never throws, and costs no call of the database where nothing has changed. */
export type AfterTicks = (round: Round) => Promise<void>;

/**
 * The function has 60 s (cloudbaserc.json). From here on it takes up to 24 s: three for the missed ticks, twelve for
 * the open incidents, three for the webhook, six to take them back. The rest is for a database that dribbles.
 */
const LATEST_START_MS = 32_000;

export function createTickPart(ports: AlertPorts): Observer & { afterTicks: AfterTicks } {
  /** The documents that this call has read, as they were then. */
  let documents = new Map<string, Record<string, unknown>>();

  return {
    onRead: (id, document) => void documents.set(id, document),
    async afterTicks(round) {
      const read = documents;
      documents = new Map();
      if (round.elapsedMs > LATEST_START_MS) return;
      await logFailure(ports, checkApps(ports, round, read));
    },
  };
}

async function checkApps(
  ports: AlertPorts,
  { apps, isMeant }: Round,
  read: ReadonlyMap<string, Record<string, unknown>>,
): Promise<void> {
  const isTickKnown = isMeant && (await clearMissedTicks(ports, read));
  const [first] = apps;
  const keeping = first && read.get(first.appid);
  if (first === undefined || keeping === undefined) return;
  const stored = readOpenIncidents(keeping);
  const seen = apps.filter(({ appid, memory }) => read.has(appid) && memory !== null);
  const findings = seen.flatMap(({ appid, memory, policy }) =>
    findingsOf(appid, memory!.record, policy, ports.now(), openKinds(stored, appid)),
  );
  const appids = new Set(seen.map(({ appid }) => appid));
  const configured = apps.map(({ appid }) => appid);
  await sendAlert(
    ports,
    first.appid,
    stored,
    changesOf(stored, { appids, isTickKnown, findings }, configured),
  );
}

/** False when one may have stayed: the recovery is said when none has, lest the next reader deny it. */
async function clearMissedTicks(
  { collection }: AlertPorts,
  read: ReadonlyMap<string, Record<string, unknown>>,
): Promise<boolean> {
  const missed = [...read].filter(([, document]) => (document[MISSED_TICK] ?? null) !== null);
  const cleared = await Promise.allSettled(
    missed.map(([id, document]) =>
      collection.setIf(id, { [MISSED_TICK]: document[MISSED_TICK] }, { [MISSED_TICK]: null }),
    ),
  );
  return cleared.every(({ status }) => status === 'fulfilled');
}

function openKinds({ open }: OpenIncidents, appid: string): ReadonlySet<Kind> {
  return new Set(open.filter((incident) => incident.appid === appid).map(({ kind }) => kind));
}
