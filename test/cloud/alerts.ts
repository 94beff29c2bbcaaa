/** What the tests of alerts share: a cloud with a robot, and all of its instances at once. */

import { expect, onTestFinished } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { lend, type Lendable } from '../support/lend.ts';
import { startRobot, type Robot } from '../alerts/robot.ts';
import {
  APPID,
  INSTANCES,
  NOON_MS,
  openTestCloud,
  SECRET,
  type Reply,
  type TestCloud,
  type TestCloudOptions,
} from '../support/cloud.ts';

export const MINUTE_MS = 60_000;

/** Where the number of instances is not what it is about. */
export const TWO = { maxInstances: 2 };

export interface Alerted extends Lendable {
  cloud: TestCloud;
  robot: Robot;
  /** 8 ticks at the same time: on as many instances, where no fewer are wanted. */
  ticks(): Promise<PromiseSettledResult<unknown>[]>;
  /** 8 callers at the same time. */
  calls(): Promise<Reply[]>;
  advance(minutes: number): void;
}

/** For one test, which ends it. */
export async function startAlerted(options: TestCloudOptions = {}): Promise<Alerted> {
  const alerted = await openAlerted(options);
  onTestFinished(alerted.end);
  return alerted;
}

export const borrowAlerted = lend(openAlerted);

async function openAlerted({ variables, ...options }: TestCloudOptions = {}): Promise<Alerted> {
  const clock = createCloudClock(NOON_MS);
  const closers: (() => Promise<void> | void)[] = [];
  const robot = await startRobot(
    () => clock.now(),
    (close) => closers.push(close),
  );
  const cloud = await openTestCloud({
    clock,
    startAtMs: NOON_MS,
    variables: {
      WX_APPID: APPID,
      WX_APPSECRET: SECRET,
      ALERT_WEBHOOK_URL: robot.url,
      ...variables,
    },
    ...options,
  });
  return {
    cloud,
    robot,
    ticks: () => Promise.allSettled(Array.from({ length: INSTANCES }, () => cloud.refresh())),
    calls: () => Promise.all(Array.from({ length: INSTANCES }, () => cloud.get())),
    advance: (minutes) => cloud.clock.advance(minutes * MINUTE_MS),
    async renew() {
      await cloud.renew();
      robot.renew();
    },
    isAtRest: cloud.isAtRest,
    async end() {
      await cloud.end();
      for (const close of closers) await close();
    },
  };
}

/** Time for what happens behind an answer's back; there is nothing to wait for when nothing is to happen. */
export const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));

export function openKinds(cloud: TestCloud): string[] {
  const incidents = cloud.stored()?.['incidents'] as { open: { kind: string }[] } | undefined;
  return (incidents?.open ?? []).map(({ kind }) => kind);
}

export async function noted(cloud: TestCloud): Promise<void> {
  await expect
    .poll(() => cloud.stored()?.['missedTickAtMs'], { timeout: 60_000 })
    .toEqual(expect.any(Number));
}
