/**
 * The readers' part in the alerts: they notice that the timer does not come. It happens in the background, after the
 * answer; the platform may freeze the instance then, and the next instance does what was cut off.
 */

import { changesOf } from './changes.ts';
import { isSilent, missedSince, readOpenIncidents } from './incidents.ts';
import { sendAlert } from './send-alert.ts';
import type { AlertPorts } from './send-alert.ts';
import { MISSED_TICK } from '../store/document.ts';
import { TokenError } from '../token/ports.ts';
import type { Observer } from './observe.ts';

/** While the timer is silent, an instance reads the open incidents this often, and not at every read. */
const CHECK_EVERY_MS = 60_000;

/** `configured`: all apps; the open incidents are in the first one's document. */
export function createReaderPart(ports: AlertPorts, configured: readonly string[]): Observer {
  /** `missedTickAtMs` of each app as last read. */
  const missed = new Map<string, unknown>();
  let checkedAtMs: number | null = null;

  /** A rejected promise that nobody handles would end the process. */
  const inBackground = (work: Promise<void>): void =>
    void work.catch((error: unknown) => {
      const errmsg = error instanceof TokenError ? error.message : 'internal error';
      ports.log('alert_failed', { errcode: 503, errmsg });
    });

  return {
    onRead(appid, document) {
      const nowMs = ports.now();
      missed.set(appid, document[MISSED_TICK]);
      if (!isSilent(missedSince(document, nowMs), nowMs)) return;
      if (checkedAtMs !== null && Math.abs(nowMs - checkedAtMs) < CHECK_EVERY_MS) return;
      checkedAtMs = nowMs;
      inBackground(checkTimer(ports, appid, configured));
    },
    onRefreshed(appid) {
      const nowMs = ports.now();
      const before = missed.get(appid) ?? null;
      if (missedSince({ [MISSED_TICK]: before }, nowMs) !== null) return;
      missed.set(appid, nowMs);
      inBackground(
        ports.collection
          .setIf(appid, { [MISSED_TICK]: before }, { [MISSED_TICK]: nowMs })
          .then(() => undefined),
      );
    },
  };
}

/** What was read for the answer may be a minute old; this is read anew. */
async function checkTimer(ports: AlertPorts, appid: string, configured: readonly string[]): Promise<void> {
  const { collection } = ports;
  const [first = appid] = configured;
  const document = await collection.get(appid);
  const sinceAtMs = document && missedSince(document, ports.now());
  if (!isSilent(sinceAtMs, ports.now())) return;
  const keeping = first === appid ? document : await collection.get(first);
  if (keeping === null) return;
  const stored = readOpenIncidents(keeping);
  const findings = [{ appid: first, kind: 'timerSilent', sinceAtMs }] as const;
  const changes = changesOf(stored, { appids: new Set(), isTimerKnown: true, findings }, configured);
  await sendAlert(ports, first, stored, changes);
}
