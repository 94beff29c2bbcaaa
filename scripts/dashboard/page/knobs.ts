/** Sends the sandbox's controls to the server, with the secret that this page was opened with. */

import { signal } from '@preact/signals';
import type { AskedStep, KnobName } from '../snapshot.ts';
import { texts } from './preferences.ts';
import { authorization } from './secret.ts';
import { nowMs } from './stream.ts';

const UNAUTHORIZED = 401;
/** Longer than a call of a function may take. */
const PATIENCE_MS = 60_000;

/** What the last control has done, in words. */
export const outcome = signal<{ of: KnobName; isGood: boolean; text: string } | null>(null);
/** With the instant, by the cloud’s clock: what was true then may not be true now. */
export const asked = signal<{ atMs: number; appid: string; steps: readonly AskedStep[] } | null>(null);
export const isAsking = signal(false);
let presses = 0;

export async function turn(name: Exclude<KnobName, 'ask'>, body: object): Promise<void> {
  const press = ++presses;
  const reply = await post(name, body);
  // A success that another control has overtaken is no news any more; a failure is.
  if (press < presses && !('problem' in reply)) return;
  outcome.value =
    'problem' in reply
      ? { of: name, isGood: false, text: reply.problem }
      : { of: name, isGood: true, text: texts.value.done[name] };
}

export async function ask(appid: string): Promise<void> {
  presses += 1;
  isAsking.value = true;
  outcome.value = null;
  const reply = await post('ask', { appid });
  isAsking.value = false;
  if ('problem' in reply) outcome.value = { of: 'ask', isGood: false, text: reply.problem };
  else asked.value = { atMs: nowMs.peek(), appid, steps: reply.steps ?? [] };
}

async function post(name: KnobName, body: object): Promise<{ problem: string } | { steps?: AskedStep[] }> {
  try {
    const response = await fetch(`/knobs/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization() },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status === UNAUTHORIZED) return { problem: texts.value.openAgain };
    return (await response.json()) as { steps?: AskedStep[] };
  } catch {
    return { problem: texts.value.lostAtOnce };
  }
}
