/** One stampede: the state before it, all callers at once, and what came of it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { APPID, type Harness } from './harness.ts';
import type { Answers, Task } from './guests/serve.ts';
import type { Shape } from './plan.ts';
import type { System } from './systems.ts';

export type CaseName = 'empty' | 'expiry' | 'revocation' | 'secret';

export interface Result {
  fetches: number;
  /** Callers that ended up with a living token, or whose API call succeeded. */
  good: number;
}

const MINUTE_MS = 60_000;
/** Beyond every token's life, and beyond what any memory or breaker here keeps. */
const LONG_MS = 125 * MINUTE_MS;

export async function runCase(
  harness: Harness,
  system: System,
  name: CaseName,
  shape: Shape,
): Promise<Result> {
  await start(harness, system, shape);
  const { cleanUp } = await PREPARE[name](harness, system, shape);
  harness.takeFetches();
  const isRevocation = name === 'revocation';
  const [got] = await Promise.all([
    ask(harness, system, shape, isRevocation ? 'call' : 'token'),
    // The hardest moment: the timer fires together with all callers.
    isRevocation || system.timer === undefined ? undefined : harness.tick(system.timer),
  ]);
  const good = got.filter((one) => (isRevocation ? one === 'errcode 0' : harness.isAlive(one))).length;
  const fetches = harness.takeFetches();
  cleanUp?.();
  return { fetches, good };
}

interface Prepared {
  cleanUp?: () => void;
}

const PREPARE: Record<CaseName, (harness: Harness, system: System, shape: Shape) => Promise<Prepared>> = {
  async empty(harness) {
    harness.cloud.clock.advance(LONG_MS);
    await harness.forget();
    return {};
  },
  async expiry(harness, system, shape) {
    await fill(harness, system, shape);
    harness.cloud.clock.advance(LONG_MS);
    return {};
  },
  async revocation(harness, system, shape) {
    harness.cloud.clock.advance(LONG_MS);
    await fill(harness, system, shape);
    // A token that dies within its first moments is a case of its own: WeChat's servers don't all know it yet.
    harness.cloud.clock.advance(MINUTE_MS / 2 + 1_000);
    harness.cloud.sandbox.wechat.account(APPID).revoke(harness.cloud.clock.now());
    return {};
  },
  async secret(harness) {
    harness.cloud.clock.advance(LONG_MS);
    const account = harness.cloud.sandbox.wechat.account(APPID);
    const right = harness.secret;
    account.setSecret('another-secret', harness.cloud.clock.now());
    return { cleanUp: () => account.setSecret(right, harness.cloud.clock.now()) };
  },
};

/** So that every process has a token, and all the same one where they share it. */
async function fill(harness: Harness, system: System, shape: Shape): Promise<void> {
  if (system.timer !== undefined) await harness.tick(system.timer);
  await ask(harness, system, { processes: 1, callers: 1 }, 'token');
  await ask(harness, system, { ...shape, callers: 1 }, 'token');
}

/** The processes themselves, before anything is counted, and the end of whatever the last case has left behind. */
async function start(harness: Harness, system: System, shape: Shape): Promise<void> {
  await ask(harness, system, { ...shape, callers: 0 }, 'token');
  harness.takeFetches();
  for (let tries = 0; tries < MOST_QUIET_TRIES; tries++) {
    await sleep(QUIET_MS);
    if (harness.takeFetches() === 0) return;
  }
  throw new Error(`${system.label}: still fetching ${(QUIET_MS * MOST_QUIET_TRIES) / 1_000} s after a case`);
}

/** Longer than a fetch takes: nothing is under way if none was begun. */
const QUIET_MS = 150;
const MOST_QUIET_TRIES = 200;

/** Of 1 000 calls that wait the embedded platform refuses more: a larger stampede comes in two waves. */
const LARGEST_WAVE = 1_000;

async function ask(
  harness: Harness,
  system: System,
  shape: Shape,
  what: 'token' | 'call',
): Promise<string[]> {
  const waves = shape.processes * shape.callers > LARGEST_WAVE && system.guest === 'plain' ? 2 : 1;
  const got: string[] = [];
  for (let wave = 0; wave < waves; wave++) {
    const task: Task = { what, callers: Math.ceil(shape.callers / waves) };
    const answers = await Promise.all(
      Array.from({ length: shape.processes }, () => harness.invoke<Answers>(system.id, task)),
    );
    got.push(...answers.flatMap((answer) => answer.got));
  }
  return got;
}
