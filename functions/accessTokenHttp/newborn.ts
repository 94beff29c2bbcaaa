/**
 * A token so young that not all of WeChat's replicas may know it, in the hands of an SDK that asks again at once.
 *
 * wechatpy repeats a refused call without a bound (client/base.py, 5b8502e): by a token that WeChat refuses for the first
 * 30 s of its life it would ask the door some 500 times. An error ends its call.
 */

import type { App } from '../_shared/token/app.ts';
import { NEWBORN_MS } from '../_shared/token/policy.ts';
import type { Answer } from '../_shared/token/ports.ts';
import type { ProbeOutcome } from '../_shared/token/record.ts';
import type { Given } from './given-tokens.ts';

/** Given as often as this, the next asks for the same newborn are looked at. */
const GIVEN_UNSEEN = 2;
/** A refusal counts for so long, anything else for the rest of the thirty seconds: six free calls an instance at most. */
const REFUSED_MS = 5_000;

export interface Newborns {
  /** The answer in place of a newborn that WeChat refuses just now; null when it may be given to who was `given` it. */
  refuse(app: App, token: string, given: Given | null): Promise<Answer | null>;
}

interface Probed {
  token: string;
  atMs: number;
  outcome: Promise<ProbeOutcome>;
}

export function createNewborns(): Newborns {
  const probes = new Map<string, Probed>();
  const probeOnce = async ({ appid, ports }: App, token: string): Promise<ProbeOutcome> => {
    const nowMs = ports.now();
    const last = probes.get(appid);
    if (last?.token === token) {
      const outcome = await last.outcome;
      if (outcome !== 'refused' || Math.abs(nowMs - last.atMs) < REFUSED_MS) return outcome;
    }
    const outcome = ports.probe(token);
    probes.set(appid, { token, atMs: nowMs, outcome });
    return outcome;
  };
  return {
    async refuse(app, token, given) {
      const isRepeated = given?.token === token && given.times >= GIVEN_UNSEEN;
      if (!isRepeated || !isNewborn(app, token) || (await probeOnce(app, token)) !== 'refused') return null;
      const errmsg = 'WeChat does not accept the new access_token yet: ask again in a moment';
      return { ok: false, errcode: 503, errmsg, retryAfterMs: REFUSED_MS };
    },
  };
}

function isNewborn({ memory, ports }: App, token: string): boolean {
  const stored = memory?.record.token;
  return stored?.value === token && Math.abs(ports.now() - stored.mintedAtMs) < NEWBORN_MS;
}
