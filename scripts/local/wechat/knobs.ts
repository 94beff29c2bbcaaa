/** `POST /__sandbox/<knob>` and `GET /__sandbox/state`, for the dashboard and for curl; with the secret of this start. */

import type { HttpAnswer, HttpRequest } from '../http-server.ts';
import type { FaultPlan } from './faults.ts';
import { KNOBS, type Knobbed } from './knob-table.ts';
import { isRecord, jsonAnswer, bodyAsJson } from './wire.ts';

export const KNOB_PREFIX = '/__sandbox/';

export function turnKnob(sandbox: Knobbed, { method, path, body }: HttpRequest): HttpAnswer {
  const name = path.slice(KNOB_PREFIX.length);
  if (method === 'GET' && name === 'state') return jsonAnswer(describe(sandbox));
  const knob = Object.hasOwn(KNOBS, name) ? KNOBS[name] : undefined;
  if (!knob) return problem(404, `no such knob; there are GET state, POST ${Object.keys(KNOBS).join(', ')}`);
  if (method !== 'POST') return problem(405, `${name} is turned with POST`);
  const sent = bodyAsJson(body);
  if (!isRecord(sent)) return problem(400, 'the body is not a JSON object');
  try {
    knob(sandbox, sent);
    return jsonAnswer({ ok: true });
  } catch (error) {
    return problem(400, error instanceof Error ? error.message : 'unreadable');
  }
}

/** Nothing secret: whole tokens and secrets stay inside, and so does the body of a planned reply, which may hold one. */
function describe({ wechat, faults, clock }: Knobbed): Record<string, unknown> {
  const nowMs = clock.now();
  return {
    nowMs,
    offsetMs: clock.offsetMs(),
    apps: wechat.appids().map((appid) => wechat.account(appid).describe(nowMs)),
    faults: faults.list(nowMs).map(withoutBody),
  };
}

function withoutBody(plan: FaultPlan): FaultPlan {
  if (plan.fault.do !== 'reply') return plan;
  return { ...plan, fault: { ...plan.fault, body: `${plan.fault.body?.length ?? 0} characters` } };
}

function problem(status: number, errmsg: string): HttpAnswer {
  return jsonAnswer({ ok: false, errmsg }, status);
}
