/** Shows WeChat the reported token under the claim, as a mint is made under it, and saves what WeChat says. */

import type { App } from './app.ts';
import { logRefuted } from './history.ts';
import { CLAIM_MS, LONGEST_PROBE_MS } from './policy.ts';
import type { Stored } from './ports.ts';
import { finishProbe, takeProbe } from './report.ts';
import type { Report } from './report.ts';

/** True when WeChat's verdict is stored. False when another holder was first, or this instance was frozen. */
export async function probeAndSave(app: App, report: Report, { record, basis }: Stored): Promise<boolean> {
  const { ports, appid } = app;
  const beganAtMs = ports.now();
  const held = await ports.store.swap(basis, takeProbe(record, ports.newId(), beganAtMs, report));
  if (held === null || Math.abs(ports.now() - beganAtMs) > CLAIM_MS - LONGEST_PROBE_MS) return false;
  const outcome = await ports.probe(report.value);
  const next = finishProbe(held.record, outcome, ports.now());
  const isSaved = (await ports.store.swap(held.basis, next)) !== null;
  ports.log('token_checked', { appid, outcome });
  if (isSaved) logRefuted(app, next, held.record);
  return isSaved;
}
