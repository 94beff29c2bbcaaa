/** The day's outages and what others do, each at its own time. */

import { nextDayAtMs } from '../../functions/_shared/token/backoff.ts';
import type { FaultName } from './faults.ts';
import type { Pool } from './pool.ts';
import { APPID, DAY_MS } from './world.ts';
import type { Weather, World } from './world.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const ALL_OF_THE_QUOTA = 2_000;

type Happening = (world: World, pools: readonly Pool[]) => void;

const HAPPENINGS: Partial<Record<FaultName, Happening>> = {
  'wechat-down': spell('wechat-down', 'wechatDownUntilAtMs', MINUTE_MS, 3 * HOUR_MS),
  'wechat-blip': spell('wechat-blip', 'wechatDownUntilAtMs', 5 * MINUTE_MS, 5 * MINUTE_MS),
  'wechat-slow': spell('wechat-slow', 'wechatSlowUntilAtMs', MINUTE_MS, 2 * HOUR_MS),
  'database-down': spell('database-down', 'databaseDownUntilAtMs', 5 * SECOND_MS, HOUR_MS),
  'database-slow': spell('database-slow', 'databaseSlowUntilAtMs', MINUTE_MS, HOUR_MS),
  'timer-stuck': spell('timer-stuck', 'timerStuckUntilAtMs', 10 * MINUTE_MS, 6 * HOUR_MS),
  flap: ({ wechat, timeline, dice }) => {
    const forMs = dice.spread('flap', SECOND_MS, 2 * HOUR_MS);
    dice.note('flap', forMs);
    wechat.account(APPID).flap(timeline.now(), timeline.now() + forMs);
  },
  'foreign-mint': mintForeign,
  revoked: ({ wechat, timeline, ledger, dice }) => {
    dice.note('revoked');
    wechat.account(APPID).revoke(timeline.now());
    ledger.revoke(timeline.now());
  },
  'secret-changed': changeSecret,
  'quota-spent': ({ wechat, timeline, dice }) => {
    dice.note('quota-spent', nextDayAtMs(timeline.now()) - timeline.now());
    wechat.account(APPID).setQuotaUsed('legacyDay', ALL_OF_THE_QUOTA, timeline.now());
  },
};

/** Draws what this day brings, and puts it on the timeline. */
export function planDay(world: World, pools: readonly Pool[]): void {
  const { timeline, dice, trace } = world;
  for (const [key, happen] of Object.entries(HAPPENINGS)) {
    const name = key as FaultName;
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

function mintForeign({ wechat, timeline, ledger, dice, trace }: World): void {
  dice.note('foreign-mint');
  const mint = (): void => {
    const { access_token: value } = wechat.account(APPID).foreignMint(timeline.now());
    trace.add(`somebody else has token ${ledger.add(value, timeline.now(), null, false).number} minted`);
  };
  mint();
  // The second one kills the token that we hold at once.
  if (dice.pick('foreign-mint', [true, false]))
    timeline.at(timeline.now() + dice.spread('foreign-mint', SECOND_MS, HOUR_MS), mint);
}

function changeSecret({ wechat, timeline, deployment, dice, trace, nextId }: World, pools: readonly Pool[]) {
  const secret = `secret-${nextId()}`;
  wechat.account(APPID).setSecret(secret, timeline.now());
  const forMs = dice.spread('secret-changed', 5 * MINUTE_MS, 5 * HOUR_MS);
  dice.note('secret-changed', forMs);
  timeline.at(timeline.now() + forMs, () => {
    trace.add('*** the new AppSecret is deployed');
    Object.assign(deployment, { secret, fingerprint: secret });
    for (const pool of pools) pool.recycle();
  });
}
