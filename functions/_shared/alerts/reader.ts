/**
 * The reading side's part in the alerts: it notices when the timer does not come. All of it happens behind the
 * answer's back.
 *
 * The platform may freeze an instance as soon as it has answered. What is cut off that way is done by the next
 * instance that is awake long enough.
 */

import { changesOf } from './changes.ts';
import { isSilent, missedSince, readOpenIncidents } from './incidents.ts';
import { sendAlert } from './send-alert.ts';
import type { AlertPorts } from './send-alert.ts';
import { MISSED_TICK } from '../store/document.ts';
import { TokenError } from '../token/ports.ts';
import type { Observer } from './observe.ts';

/** While the timer is silent an instance looks at the book this often, and not at every read. */
const CHECK_EVERY_MS = 60_000;

/** `configured`: all apps; the book is in the first one's document. */
export function createReaderPart(ports: AlertPorts, configured: readonly string[]): Observer {
  /** The note of each app as last read; `undefined` where there is none. */
  const notes = new Map<string, unknown>();
  let checkedAtMs: number | null = null;

  /** No promise is left to reject where nobody holds it: that would end the process. */
  const behind = (work: Promise<void>): void =>
    void work.catch((error: unknown) => {
      const errmsg = error instanceof TokenError ? error.message : 'internal error';
      ports.log('alert_failed', { errcode: 503, errmsg });
    });

  return {
    onRead(appid, document) {
      const nowMs = ports.now();
      notes.set(appid, document[MISSED_TICK]);
      if (!isSilent(missedSince(document, nowMs), nowMs)) return;
      if (checkedAtMs !== null && Math.abs(nowMs - checkedAtMs) < CHECK_EVERY_MS) return;
      checkedAtMs = nowMs;
      behind(checkTimer(ports, appid, configured));
    },
    onRefreshed(appid) {
      const nowMs = ports.now();
      const standing = notes.get(appid) ?? null;
      if (missedSince({ [MISSED_TICK]: standing }, nowMs) !== null) return;
      notes.set(appid, nowMs);
      behind(
        ports.collection
          .setIf(appid, { [MISSED_TICK]: standing }, { [MISSED_TICK]: nowMs })
          .then(() => undefined),
      );
    },
  };
}

/** What was read for the answer may be a minute old; this is read anew. */
async function checkTimer(ports: AlertPorts, appid: string, configured: readonly string[]): Promise<void> {
  const { collection } = ports;
  const [first = appid] = configured;
  const noted = await collection.get(appid);
  const sinceAtMs = noted && missedSince(noted, ports.now());
  if (!isSilent(sinceAtMs, ports.now())) return;
  const keeping = first === appid ? noted : await collection.get(first);
  if (keeping === null) return;
  const stored = readOpenIncidents(keeping);
  const findings = [{ appid: first, kind: 'timerSilent', sinceAtMs }] as const;
  const changes = changesOf(stored, { appids: new Set(), isTimerKnown: true, findings }, configured);
  await sendAlert(ports, first, stored, changes);
}
