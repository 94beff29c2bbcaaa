/** The day's outages and what others do, each at its own time. */

import { nextDayAtMs } from '../../functions/_shared/token/backoff.ts';
import { EARLY_MS } from '../local/wechat/constants.ts';
import type { FaultName } from './faults.ts';
import {
  changeMode,
  changeSecret,
  forceElsewhere,
  mintElsewhere,
  requestForces,
  reportEverything,
} from './actors.ts';
import type { Pools } from './actors.ts';
import { DAY_MS } from './world.ts';
import type { Weather, World } from './world.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const ALL_OF_THE_QUOTA = 1e9;

type Happening = (world: World, pools: Pools) => void;

/** They strike all apps at once. */
const SHARED = new Set<FaultName>([
  'wechat-down',
  'wechat-blip',
  'wechat-slow',
  'database-down',
  'database-slow',
  'timer-stuck',
]);

const HAPPENINGS: Partial<Record<FaultName, Happening>> = {
  'wechat-down': spell('wechat-down', 'wechatDownUntilAtMs', MINUTE_MS, 3 * HOUR_MS),
  'wechat-blip': spell('wechat-blip', 'wechatDownUntilAtMs', 5 * MINUTE_MS, 5 * MINUTE_MS),
  'wechat-slow': spell('wechat-slow', 'wechatSlowUntilAtMs', MINUTE_MS, 2 * HOUR_MS),
  'database-down': spell('database-down', 'databaseDownUntilAtMs', 5 * SECOND_MS, HOUR_MS),
  'database-slow': spell('database-slow', 'databaseSlowUntilAtMs', MINUTE_MS, HOUR_MS),
  'timer-stuck': spell('timer-stuck', 'timerStuckUntilAtMs', 10 * MINUTE_MS, 6 * HOUR_MS),
  flap: ({ wechat, timeline, dice, appid }) => {
    const forMs = dice.spread('flap', SECOND_MS, 2 * HOUR_MS);
    dice.note('flap', forMs);
    wechat.account(appid).flap(timeline.now(), timeline.now() + forMs);
  },
  'foreign-mint': mintElsewhere,
  'foreign-force': forceElsewhere,
  'operator-forces': requestForces,
  'faulty-caller': reportEverything,
  'mode-changed': changeMode,
  revoked: ({ wechat, timeline, ledger, dice, appid }) => {
    dice.note('revoked');
    wechat.account(appid).revoke(timeline.now());
    ledger.revoke(timeline.now());
  },
  'secret-changed': changeSecret,
  'late-renewal': ({ wechat, timeline, dice, appid, deployment }) => {
    if (deployment.api !== 'stable') return;
    const forMs = dice.spread('late-renewal', HOUR_MS, 6 * HOUR_MS);
    dice.note('late-renewal', forMs);
    const { setLimits } = wechat.account(appid);
    setLimits({ stableEarlyMs: 0 });
    timeline.at(timeline.now() + forMs, () => setLimits({ stableEarlyMs: EARLY_MS }));
  },
  'quota-spent': ({ wechat, timeline, dice, appid }) => {
    dice.note('quota-spent', nextDayAtMs(timeline.now()) - timeline.now());
    for (const quota of ['legacyDay', 'stableDay', 'ticketDay'] as const)
      wechat.account(appid).setQuotaUsed(quota, ALL_OF_THE_QUOTA, timeline.now());
  },
};

/** Draws what this day brings for each app, and puts it on the timeline. */
export function planDay(worlds: readonly World[], pools: Pools): void {
  for (const world of worlds) planApp(world, pools, world === worlds[0]);
}

function planApp(world: World, pools: Pools, isFirst: boolean): void {
  const { timeline, dice, trace } = world;
  for (const [key, happen] of Object.entries(HAPPENINGS)) {
    const name = key as FaultName;
    if (SHARED.has(name) && !isFirst) continue;
    for (let times = dice.timesToday(name); times > 0; times--) {
      timeline.at(timeline.now() + dice.between(name, 0, DAY_MS), () => {
        trace.add(`*** ${name}`);
        happen(world, pools);
      });
    }
  }
}

function spell(name: FaultName, until: keyof Weather, leastMs: number, mostMs: number): Happening {
  return ({ weather, timeline, dice, trace }) => {
    const forMs = dice.spread(name, leastMs, mostMs);
    dice.note(name, forMs);
    weather[until] = Math.max(weather[until], timeline.now() + forMs);
    trace.add(`*** for ${Math.round(forMs / SECOND_MS)} s`);
    timeline.at(weather[until], () => trace.add(`*** ${name} is over`));
  };
}
