/** Use case 2: memory → database → refresh or wait → answer. Serves what is alive, with the honest life left. */

import { conclude, fromMemory, isUsable, withoutStore } from './answer.ts';
import type { Attempt } from './answer.ts';
import { shareFlight } from './app.ts';
import type { App } from './app.ts';
import type { Reason } from './decide.ts';
import { isTooShort } from './life.ts';
import { readSaved } from './mintAndSave.ts';
import { LONGEST_WAIT_MS, MEMORY_MS } from './policy.ts';
import { TokenError } from './ports.ts';
import type { Answer } from './ports.ts';
import { refreshFrom } from './refreshAccessToken.ts';
import { emptyRecord } from './record.ts';
import type { TokenRecord } from './record.ts';
import type { Report } from './report.ts';

/** Growing, so that 200 cold starts don't ask the database 200 times every 150 ms; the sum is the longest wait. */
const WAITS_MS = [150, 300, 600, 1_200, 1_600, 2_150];

/** What a caller asks for, told by the document as it was when the call came in. */
type Question = (record: TokenRecord) => Reason;

/**
 * `reported` is a token that WeChat has just refused to the caller; null when it simply needs one. `source`: the
 * caller's TCB_SOURCE, for whoever has to find it. Never throws.
 */
export function getAccessToken(
  app: App,
  reported: string | null,
  source: string | null = null,
): Promise<Answer> {
  const quick = reported === null ? fromMemory(app) : null;
  if (quick !== null) return Promise.resolve(quick);
  if (reported === null) return shareFlight(app, '', () => obtain(app, () => ({ by: 'reader' })));
  return shareFlight(app, reported, () =>
    obtain(app, (record) => reportOf(record, { value: reported, isSuspicion: false, source })),
  );
}

/**
 * For a caller that can't report: it was given `suspected` (null: nobody knows what) and asks again too early. The
 * token is handed out once WeChat accepts it or says nothing about it. Never throws.
 */
export function checkAccessToken(app: App, suspected: string | null): Promise<Answer> {
  const question: Question = (record) => {
    const value = suspected ?? record.token?.value ?? '';
    return reportOf(record, { value, isSuspicion: true, source: null });
  };
  // No token begins with a blank.
  return shareFlight(app, ` ${suspected}`, () => obtain(app, question));
}

function reportOf({ verdict }: TokenRecord, report: Omit<Report, 'by' | 'knownId'>): Report {
  return { by: 'report', knownId: verdict?.id ?? null, ...report };
}

async function obtain(app: App, question: Question): Promise<Answer> {
  const { ports } = app;
  let reason: Reason | null = null;
  const attempt = async (): Promise<Attempt> => {
    const askedAtMs = ports.now();
    const stored = await readSaved(app);
    reason ??= question(stored.record);
    return { askedAtMs, reason, outcome: await refreshFrom(app, reason, stored) };
  };
  try {
    const beganAtMs = ports.now();
    for (const waitMs of WAITS_MS) {
      // A slow database must not stretch the wait: the function itself has a limit.
      if (ports.now() - beganAtMs >= LONGEST_WAIT_MS) break;
      const attempted = await attempt();
      // Frozen on the way: what was read before is history, and its token may be dead by now.
      if (ports.now() - attempted.askedAtMs >= MEMORY_MS) continue;
      if (!isWorthWaiting(app, attempted)) return conclude(app, attempted);
      await ports.sleep(waitMs * (0.75 + ports.random() / 2));
    }
    return conclude(app, await attempt());
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    return withoutStore(app, reason ?? question(app.memory?.record ?? emptyRecord), error);
  }
}

/** Somebody is minting and will be done soon, and what is left meanwhile is not enough. */
function isWorthWaiting(app: App, { outcome, reason }: Attempt): boolean {
  if (outcome.action !== 'busy') return false;
  const nowMs = app.ports.now();
  if (outcome.why !== 'claim' && outcome.untilAtMs - nowMs > LONGEST_WAIT_MS) return false;
  return !isUsable(app, outcome.record, reason) || isTooShort(outcome.record, nowMs, nowMs, app.policy);
}
