/** The sandbox's controls on the page, one entry each, with their parameters. */

import * as z from 'zod';
import { askAsFunction } from './ask.ts';
import {
  createSandboxControls,
  type SandboxControls,
  type SandboxControlsOptions,
} from './sandbox-controls.ts';
import { FORWARD_MINUTES, type AskedStep, type KnobName, type SandboxState } from './snapshot.ts';

export interface Knobs {
  state(): SandboxState;
  /** Never rejects for what was sent; `result` holds a `problem` then. */
  turn(name: string, body: string): Promise<{ status: number; result: object }>;
}

type Turn = (sent: unknown) => Promise<object> | object | void;

const Minutes = z.strictObject({ minutes: z.literal(FORWARD_MINUTES) });
const Nothing = z.strictObject({});
const Switch = z.strictObject({ isOn: z.boolean() });
const OfApp = z.strictObject({ appid: z.string().max(64) });
const SwitchOfApp = z.strictObject({ appid: z.string().max(64), isOn: z.boolean() });

export function createKnobs(options: SandboxControlsOptions): Knobs {
  const controls = createSandboxControls(options);
  const { cloud, sandbox } = options;
  const ask = oneAtATime((appid: string) =>
    askAsFunction({ host: cloud.host, wechatUrl: sandbox.url, appid }),
  );
  const knobs = knobsOf(controls, ask);
  return { state: controls.state, turn: (name, body) => turnOne(knobs, name, body) };
}

function knobsOf(
  controls: SandboxControls,
  ask: (appid: string) => Promise<AskedStep[]>,
): Readonly<Record<KnobName, Turn>> {
  return {
    ask: taking(OfApp, async ({ appid }) => ({ steps: await ask(appid) })),
    forward: taking(Minutes, ({ minutes }) => controls.moveClock(minutes)),
    outage: taking(Switch, ({ isOn }) => controls.setOutage(isOn)),
    loseAnswer: taking(Nothing, () => controls.loseAnswer()),
    kill: taking(Nothing, () => controls.killInstances()),
    reset: taking(Nothing, () => controls.reset()),
    revoke: taking(OfApp, ({ appid }) => controls.revoke(appid)),
    foreignMint: taking(OfApp, ({ appid }) => controls.mintForeign(appid)),
    quota: taking(SwitchOfApp, ({ appid, isOn }) => controls.spendQuota(appid, isOn)),
    secret: taking(SwitchOfApp, ({ appid, isOn }) => controls.changeSecret(appid, isOn)),
  };
}

async function turnOne(
  knobs: Readonly<Record<string, Turn>>,
  name: string,
  body: string,
): Promise<{ status: number; result: object }> {
  const knob = Object.hasOwn(knobs, name) ? knobs[name] : undefined;
  if (knob === undefined) return { status: 404, result: { problem: 'there is no such knob' } };
  try {
    return { status: 200, result: (await knob(parsed(body))) ?? {} };
  } catch (error) {
    // A value out of bounds, an unknown app: the texts are this project's, and name no secret.
    return { status: 400, result: { problem: error instanceof Error ? error.message : 'unreadable' } };
  }
}

function taking<Schema extends z.ZodType>(
  schema: Schema,
  turn: (sent: z.output<Schema>) => Promise<object> | object | void,
): Turn {
  return (sent) => {
    const result = schema.safeParse(sent);
    if (!result.success) throw new TypeError(z.prettifyError(result.error).replaceAll(/\s+/g, ' '));
    return turn(result.data);
  };
}

/** A call may take seconds: a second press in the meantime is refused. */
function oneAtATime<T>(run: (appid: string) => Promise<T>): (appid: string) => Promise<T> {
  let isRunning = false;
  return async (appid) => {
    if (isRunning) throw new TypeError('one call is under way already');
    isRunning = true;
    return run(appid).finally(() => (isRunning = false));
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new TypeError('the body is no JSON');
  }
}
