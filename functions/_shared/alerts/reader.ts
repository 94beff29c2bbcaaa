/**
 * The readers' part in the alerts: they notice that the ticks that are meant to come don't. It happens in the background, after the
 * answer; the platform may freeze the instance then, and the next instance does what was cut off.
 */

import { changesOf } from './changes.ts';
import { isSilent, missedSince, readOpenIncidents } from './incidents.ts';
import type { SilentKind } from './incidents.ts';
import { logFailure, sendAlert } from './send-alert.ts';
import type { AlertPorts } from './send-alert.ts';
import { MISSED_TICK } from '../store/document.ts';
import type { Observer } from './observe.ts';

/** While no tick comes, an instance reads the open incidents this often, and not at every read. */
const CHECK_EVERY_MS = 60_000;

/** `configured`: all apps; the open incidents are in the first one's document. `kind`: of the ticks that are meant. */
export function createReaderPart(
  ports: AlertPorts,
  configured: readonly string[],
  kind: SilentKind,
): Observer {
  /** `missedTickAtMs` of each app as last read. */
  const missed = new Map<string, unknown>();
  let checkedAtMs: number | null = null;

  return {
    onRead(appid, document) {
      const nowMs = ports.now();
      missed.set(appid, document[MISSED_TICK]);
      if (!isSilent(missedSince(document, nowMs), nowMs)) return;
      if (checkedAtMs !== null && Math.abs(nowMs - checkedAtMs) < CHECK_EVERY_MS) return;
      checkedAtMs = nowMs;
      void logFailure(ports, checkTicks(ports, { appid, kind }, configured));
    },
    onRefreshed(appid) {
      const nowMs = ports.now();
      const before = missed.get(appid) ?? null;
      if (missedSince({ [MISSED_TICK]: before }, nowMs) !== null) return;
      missed.set(appid, nowMs);
      const change = { [MISSED_TICK]: nowMs };
      void logFailure(ports, ports.collection.setIf(appid, { [MISSED_TICK]: before }, change));
    },
  };
}

/** What was read for the answer may be a minute old; this is read anew. */
async function checkTicks(
  ports: AlertPorts,
  { appid, kind }: { appid: string; kind: SilentKind },
  configured: readonly string[],
): Promise<void> {
  const { collection } = ports;
  const [first = appid] = configured;
  const document = await collection.get(appid);
  const sinceAtMs = document && missedSince(document, ports.now());
  if (!isSilent(sinceAtMs, ports.now())) return;
  const keeping = first === appid ? document : await collection.get(first);
  if (keeping === null) return;
  const stored = readOpenIncidents(keeping);
  const findings = [{ appid: first, kind, sinceAtMs }];
  const changes = changesOf(stored, { appids: new Set(), isTickKnown: true, findings }, configured);
  await sendAlert(ports, first, stored, changes);
}
