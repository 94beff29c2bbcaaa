/** Shows WeChat the reported token under the claim, as a mint is made under it, and saves what WeChat says. */

import { readRecord } from './app.ts';
import type { App } from './app.ts';
import { logRefuted } from './history.ts';
import { CLAIM_MS, LONGEST_PROBE_MS, MOST_CLAIM_TRIES } from './policy.ts';
import type { Stored } from './ports.ts';
import type { ProbeOutcome } from './record.ts';
import { finishProbe } from './report.ts';
import { takeProbe } from './claim.ts';
import type { Report } from './report.ts';

/** True when WeChat's verdict is stored. False when another holder was first, or this instance was frozen. */
export async function probeAndSave(app: App, report: Report, { record, basis }: Stored): Promise<boolean> {
  const { ports, appid } = app;
  const beganAtMs = ports.now();
  const held = await ports.store.swap(basis, takeProbe(record, ports.newId(), beganAtMs, report));
  if (held === null || Math.abs(ports.now() - beganAtMs) > CLAIM_MS - LONGEST_PROBE_MS) return false;
  const outcome = await ports.probe(report.value);
  ports.log('token_checked', { appid, outcome });
  return saveVerdict(app, held, outcome);
}

/** A holder that lost its claim to this probe may mark the document meanwhile: the verdict is saved beside its mark. */
async function saveVerdict(app: App, held: Stored, outcome: ProbeOutcome): Promise<boolean> {
  const { ports } = app;
  let stored = held;
  for (let tries = 0; tries < MOST_CLAIM_TRIES; tries++) {
    const { record, basis } = stored;
    if (record.claim?.id !== held.record.claim?.id) return false;
    const next = finishProbe(record, outcome, ports.now());
    if ((await ports.store.swap(basis, next)) !== null) {
      logRefuted(app, next, record);
      return true;
    }
    stored = await readRecord(app);
  }
  return false;
}
