/** Who else has a hand in a token's life: another system, an operator, a caller with a bug, and who deploys. */

import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { requestLeakRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import { tick } from '../../functions/refreshAccessToken/tick.ts';
import { ask } from './callers.ts';
import type { Pool } from './pool.ts';
import { reportTicket } from './ticket-callers.ts';
import type { World } from './world.ts';

export interface Pools {
  readers: Pool;
  refreshers: Pool;
  /** Of the function that hands out tickets. */
  ticketReaders: Pool;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Another system mints by the classic endpoint. */
export function mintElsewhere({ wechat, timeline, ledger, dice, trace, appid }: World): void {
  dice.note('foreign-mint');
  const mint = (): void => {
    const { access_token: value } = wechat.account(appid).foreignMint(timeline.now());
    const { number } = ledger.add(value, 'token', timeline.now(), null, false);
    trace.add(`somebody else has token ${number} minted`);
  };
  mint();
  // The second one kills the token that we hold at once.
  if (dice.pick('foreign-mint', [true, false]))
    timeline.at(timeline.now() + dice.spread('foreign-mint', SECOND_MS, HOUR_MS), mint);
}

/** Another system forces `stable` to issue a new token, once or twice. */
export function forceElsewhere(world: World): void {
  const { wechat, timeline, ledger, dice, trace, appid, deployment } = world;
  if (deployment.api !== 'stable') return;
  dice.note('foreign-force');
  const force = (): void => {
    const fields = { grant_type: 'client_credential', appid, secret: world.deployment.secret };
    const reply = wechat.stableToken({ ...fields, force_refresh: true }, timeline.now());
    if (!('access_token' in reply) || ledger.find(reply.access_token) !== undefined) return;
    const { number } = ledger.add(reply.access_token, 'stable', timeline.now(), null, false);
    trace.add(`somebody else forces token ${number}`);
  };
  force();
  if (dice.pick('foreign-force', [true, false]))
    timeline.at(timeline.now() + dice.spread('foreign-force', 30 * SECOND_MS, HOUR_MS), force);
}

/** An operator has the stored token killed, again and again: up to more often than WeChat allows in a day. */
export function requestForces(world: World, { refreshers }: Pools): void {
  const { timeline, dice, trace, collection, appid, deployment, nextId } = world;
  if (deployment.api !== 'stable') return;
  dice.note('operator-forces', HOUR_MS);
  const store = createCloudStore(collection, appid, () => `operator-${nextId()}`);
  const call = (): void => void refreshers.invoke(({ apps }) => tick(apps.get(appid)!));
  async function request(left: number): Promise<void> {
    timeline.at(timeline.now() + EVERY_REQUEST_MS, () => left > 1 && void request(left - 1));
    try {
      const { record, basis } = await store.read();
      if (record.version < 1 || !(await store.swap(basis, requestLeakRefresh(record, timeline.now()))))
        return;
    } catch (error) {
      if (error instanceof TokenError) return;
      throw error;
    }
    trace.add('an operator asks for the death of a leaked token');
    for (const afterMs of CALLS_MS) timeline.at(timeline.now() + afterMs, call);
  }
  void request(Math.ceil(dice.spread('operator-forces', 1, 14)));
}

/** The second force has to come 30 s after the first. */
const CALLS_MS = [0, 30 * SECOND_MS, 61 * SECOND_MS];
const EVERY_REQUEST_MS = 62 * SECOND_MS;

/** Reports whatever it gets, every 5 s for a day. Some rest after each hour, until reports are believed again. */
export function reportEverything(world: World, { readers, ticketReaders }: Pools): void {
  const { timeline, dice, tally, oracles } = world;
  dice.note('faulty-caller');
  const beganAtMs = timeline.now();
  const restMs = dice.pick('faulty-caller', [REST_MS, 0]);
  let held: string | null = null;
  let heldTicket: string | null = null;
  async function report(): Promise<void> {
    const agoMs = timeline.now() - beganAtMs;
    const isHourOver = agoMs % (HOUR_MS + restMs) >= HOUR_MS - 5 * SECOND_MS;
    const pauseMs = 5 * SECOND_MS + (isHourOver ? restMs : 0);
    if (agoMs < DAY_MS) timeline.at(timeline.now() + pauseMs, () => void report());
    tally.faultyReport();
    if (held !== null) oracles.calls.onReported();
    const answer = await readers.invoke((instance) => ask(world, instance, held));
    if (typeof answer !== 'string' && answer.ok) held = answer.token;
    heldTicket = await reportTicket(world, ticketReaders, heldTicket);
  }
  void report();
}

const REST_MS = 65 * MINUTE_MS;

export function changeSecret(world: World, pools: Pools): void {
  const { wechat, timeline, deployment, dice, trace, nextId, appid } = world;
  const secret = `secret-${nextId()}`;
  wechat.account(appid).setSecret(secret, timeline.now());
  const forMs = dice.spread('secret-changed', 5 * MINUTE_MS, 5 * HOUR_MS);
  dice.note('secret-changed', forMs);
  timeline.at(timeline.now() + forMs, () => {
    trace.add('*** the new AppSecret is deployed');
    deployment.secret = secret;
    deploy(world, pools);
  });
}

export function changeMode(world: World, pools: Pools): void {
  const { deployment, dice, trace, isSwitching } = world;
  if (!isSwitching) return;
  dice.note('mode-changed');
  deployment.api = deployment.api === 'token' ? 'stable' : 'token';
  trace.add(`*** the mode ${deployment.api} is deployed`);
  deploy(world, pools);
}

/** One function is updated some time after the other; calls under way end on the old code. */
function deploy({ timeline, deployment, dice }: World, { readers, refreshers, ticketReaders }: Pools): void {
  deployment.fingerprint = `${deployment.secret} ${deployment.api}`;
  refreshers.recycle();
  timeline.at(timeline.now() + dice.between('mode-changed', 0, MINUTE_MS), () => {
    readers.recycle();
    ticketReaders.recycle();
  });
}
