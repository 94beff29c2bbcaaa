/** The knobs that can be turned over HTTP, one entry each, with what they take. */

import * as z from 'zod';
import type { CloudClock } from '../clock.ts';
import type { AccountKnobs } from './account-knobs.ts';
import type { Faults } from './faults.ts';
import type { WeChat } from './machine.ts';
import { TICKET_WINDOW_MS } from './tickets.ts';

export interface Knobbed {
  wechat: WeChat;
  faults: Faults;
  clock: CloudClock;
}

/** Turns one knob; throws a text for the caller when what was sent doesn't fit. */
export type Knob = (sandbox: Knobbed, sent: Record<string, unknown>) => void;

const whole = z.number().int().nonnegative();
const risk = z.enum(['ok', 'confirm', 'waiting', 'refusedOnce', 'refusedTwice']);
const quota = z.enum(['legacyDay', 'stableMinute', 'stableDay', 'forceDay', 'clearMonth', 'ticketDay']);

const fault = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('refuse'), errcode: z.number().int(), errmsg: z.string().optional() }),
  z.strictObject({ do: z.literal('textPlain') }),
  z.strictObject({ do: z.literal('delay'), ms: whole.max(600_000) }),
  z.strictObject({ do: z.literal('drop') }),
  z.strictObject({ do: z.literal('hang') }),
  z.strictObject({
    do: z.literal('reply'),
    status: z.number().int().min(200).max(599).optional(),
    contentType: z
      .string()
      .regex(/^[\x20-\x7e]+$/)
      .optional(),
    body: z.string().optional(),
  }),
]);

const plan = z.strictObject({
  fault,
  stage: z.enum(['before', 'after']).optional(),
  on: z.string().optional(),
  appid: z.string().optional(),
  times: whole.optional(),
  untilMs: z.number().optional(),
});

/** A name, and the path under it where there is one. */
const DOMAIN = /^[\w-]+(\.[\w-]+)*(\/[\w-]+)*$/;

/** A: 7200 s after the last answer that had it. B: when the next one comes. Else so much earlier than in A. */
const dies = z.union([
  z.literal('A'),
  z.literal('B'),
  z.strictObject({ earlyMs: whole.max(2 * TICKET_WINDOW_MS) }),
]);

function earlyMsOf(sent: z.output<typeof dies>): number {
  if (typeof sent === 'object') return sent.earlyMs;
  return sent === 'A' ? 0 : TICKET_WINDOW_MS;
}

export const KNOBS: Readonly<Record<string, Knob>> = {
  advance: knob({ ms: z.number().finite() }, ({ ms }, { clock }) => clock.advance(ms)),
  revoke: appKnob({ family: z.enum(['legacy', 'stable']).optional() }, (sent, app, now) =>
    app.revoke(now, sent.family),
  ),
  foreignMint: appKnob({}, (_sent, app, now) => void app.foreignMint(now)),
  setSecret: appKnob(
    { secret: z.string().min(1), graceMs: whole.optional() },
    ({ secret, graceMs }, app, now) => app.setSecret(secret, now, graceMs),
  ),
  freeze: appKnob({ delayMs: whole.optional() }, ({ delayMs }, app, now) => app.freeze(now, delayMs)),
  unfreeze: appKnob({ delayMs: whole.optional() }, ({ delayMs }, app, now) => app.unfreeze(now, delayMs)),
  ban: appKnob({ errcode: z.union([z.literal(50004), z.literal(50007), z.null()]) }, ({ errcode }, app) =>
    app.ban(errcode ?? undefined),
  ),
  whitelist: appKnob({ entries: z.array(z.string()).nullable() }, ({ entries }, app) =>
    app.setWhitelist(entries ?? undefined),
  ),
  kind: appKnob({ kind: z.enum(['mini', 'official']) }, ({ kind }, app) => app.setKind(kind)),
  jsDomains: appKnob({ domains: z.array(z.string().regex(DOMAIN)).nullable() }, ({ domains }, app) =>
    app.setJsDomains(domains ?? undefined),
  ),
  ticketDies: appKnob({ dies }, (sent, app) => app.setTicketsDieEarly(earlyMsOf(sent.dies))),
  risk: appKnob({ ip: z.string(), state: risk }, ({ ip, state }, app, now) => app.setRisk(ip, state, now)),
  quota: appKnob({ quota, used: whole }, (sent, app, now) => app.setQuotaUsed(sent.quota, sent.used, now)),
  flap: appKnob({ ms: whole }, ({ ms }, app, now) => app.flap(now, now + ms)),
  fault: (sandbox, sent) => sandbox.faults.add(read(plan, sent)),
  clearFaults: knob({}, (_sent, { faults }) => faults.clear()),
};

function knob<Shape extends z.ZodRawShape>(
  shape: Shape,
  turn: (sent: z.output<z.ZodObject<Shape>>, sandbox: Knobbed) => void,
): Knob {
  const schema: z.ZodObject<Shape> = z.strictObject(shape);
  return (sandbox, sent) => turn(read(schema, sent), sandbox);
}

/** A knob of one app, which may go unnamed when there is only one. */
function appKnob<Shape extends z.ZodRawShape>(
  shape: Shape,
  turn: (sent: z.output<z.ZodObject<Shape>>, app: AccountKnobs, nowMs: number) => void,
): Knob {
  return (sandbox, { appid, ...rest }) => {
    const app = findApp(sandbox.wechat, appid);
    knob(shape, (sent, { clock }) => turn(sent, app, clock.now()))(sandbox, rest);
  };
}

function findApp(wechat: WeChat, appid: unknown): AccountKnobs {
  const [only, ...others] = wechat.appids();
  if (appid === undefined && only !== undefined && others.length === 0) return wechat.account(only);
  if (typeof appid !== 'string') throw new TypeError('appid: say which of the apps');
  return wechat.account(appid);
}

function read<T>(schema: z.ZodType<T>, sent: unknown): T {
  const result = schema.safeParse(sent);
  if (!result.success) throw new TypeError(z.prettifyError(result.error));
  return result.data;
}
