/** A holder that is killed after each of its steps, or stopped past its claim: real processes, real signals. */

import { describe, expect, it, onTestFinished } from 'vitest';
import type { Faults } from '../../scripts/local/gateway/faults.ts';
import { NOON_MS, borrowCloud, type TestCloud } from '../support/cloud.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

const borrow = () => borrowCloud({ startAtMs: NOON_MS, host: { killOnTimeout: false } });

/** Where in its work a refresh can be caught: each step of R2 seen from the cloud's side. */
const STEPS = [
  'before its read',
  'before its claim is written',
  'after its claim is written',
  'before WeChat mints',
  'after WeChat has minted',
  'before its commit is written',
  'after its commit is written',
] as const;
type Step = (typeof STEPS)[number];

/** Resolves when a refresh reaches the step, and holds its request there until the test lets it go. */
function catchAt(cloud: TestCloud, step: Step): { reached: Promise<void>; letGo: () => void } {
  let arrive = (): void => undefined;
  let letGo = (): void => undefined;
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  onTestFinished(letGo);
  let isCaught = false;
  const hold = async (): Promise<undefined> => {
    if (isCaught) return undefined;
    isCaught = true;
    arrive();
    await gate;
    return undefined;
  };
  let writes = 0;
  const ofDatabase: Parameters<Faults['intercept']>[0] = ({ stage, action }) => {
    const isWrite = action === 'database.modifyDocument' || action === 'database.insertDocument';
    if (isWrite && stage === 'before') writes += 1;
    const place = `${stage} ${isWrite ? (writes === 1 ? 'claim' : 'commit') : 'read'}`;
    return DATABASE_PLACES[place] === step ? hold() : undefined;
  };
  cloud.gateway.faults.intercept(ofDatabase);
  cloud.sandbox.faults.intercept(({ stage }) =>
    step === (stage === 'before' ? 'before WeChat mints' : 'after WeChat has minted')
      ? hold()
      : Promise.resolve(undefined),
  );
  return { reached, letGo };
}

const DATABASE_PLACES: Record<string, Step> = {
  'before read': 'before its read',
  'before claim': 'before its claim is written',
  'after claim': 'after its claim is written',
  'before commit': 'before its commit is written',
  'after commit': 'after its commit is written',
};

/** A due token, and a timer instance caught at the step of its refresh. */
async function caught(step: Step) {
  const cloud = await borrow();
  await cloud.refresh();
  await cloud.get();
  cloud.clock.advance(110 * MINUTE_MS);
  const { reached, letGo } = catchAt(cloud, step);
  const tick = cloud.refresh().catch((error: unknown) => error);
  await reached;
  const holder = cloud.host.instances('refreshAccessToken').find(({ state }) => state === 'busy');
  if (holder === undefined) throw new Error('no instance is refreshing');
  return { cloud, tick, letGo, pid: holder.pid };
}

/**
 * The minutes after the accident: every 20 s a tick (as retries and timers come) and a caller. Whatever a caller is
 * handed must be good then, and a minute later, for callers keep a token for that long.
 */
async function liveOn(cloud: TestCloud, minutes: number): Promise<{ dead: number; refusals: number }> {
  const held: { token: string; untilMs: number }[] = [];
  let dead = 0;
  let refusals = 0;
  for (let step = 0; step < minutes * 3; step++) {
    await cloud.refresh().catch(() => undefined);
    const reply = await cloud.get();
    if (reply.access_token === undefined) refusals += 1;
    else
      held.push({
        token: reply.access_token,
        untilMs: cloud.clock.now() + Math.min(60, reply.expires_in ?? 0) * SECOND_MS,
      });
    dead += held.filter(({ token, untilMs }) => cloud.clock.now() < untilMs && !cloud.isAlive(token)).length;
    cloud.clock.advance(20 * SECOND_MS);
  }
  return { dead, refusals };
}

describe('holders', () => {
  it.each(STEPS)(
    'killed %s: no caller is handed a dead token, and the store heals without help',
    async (step) => {
      const { cloud, tick, letGo, pid } = await caught(step);
      process.kill(pid, 'SIGKILL');
      await tick;
      letGo();
      expect(await liveOn(cloud, 8)).toEqual({ dead: 0, refusals: 0 });
      expect(cloud.stored()).toMatchObject({ claim: null, unsettledSinceAtMs: null });
      expect(cloud.isAlive(cloud.storedToken())).toBe(true);
      expect(cloud.mints()).toBeLessThanOrEqual(3);
    },
  );

  it.each(STEPS)('stopped %s and woken six minutes later: the same', async (step) => {
    const { cloud, tick, letGo, pid } = await caught(step);
    process.kill(pid, 'SIGSTOP');
    letGo();
    const first = await liveOn(cloud, 6);
    process.kill(pid, 'SIGCONT');
    await tick;
    const second = await liveOn(cloud, 6);
    expect([first, second]).toEqual([
      { dead: 0, refusals: 0 },
      { dead: 0, refusals: 0 },
    ]);
    expect(cloud.stored()).toMatchObject({ claim: null, unsettledSinceAtMs: null });
    expect(cloud.isAlive(cloud.storedToken())).toBe(true);
    expect(cloud.mints()).toBeLessThanOrEqual(4);
  });
});
