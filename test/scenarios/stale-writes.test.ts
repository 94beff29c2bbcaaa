/** Scenarios 4, 5, 22, 26: whoever comes late finds that the database has moved on, and changes nothing. */

import { describe, expect, it } from 'vitest';
import { CLAIM_MS } from '../../functions/_shared/token/policy.ts';
import { borrowCloud, NOON_MS } from '../support/cloud.ts';
import { callWeChat, errcodesOf } from './caller.ts';
import { holdAtWeChat, holdWrite } from './holding.ts';

const MINUTE_MS = 60_000;

describe('stale writes', () => {
  it('4. Of two mints in flight the one whose answer comes last does not overwrite the newer token (lanrion/weixin_authorize#81, w7corp/easywechat#696, WxJava#2803)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const { reached, letGo } = holdAtWeChat(cloud, 'after');
    const late = cloud.refresh();
    await reached;
    cloud.clock.advance(CLAIM_MS);
    const { access_token: newer } = await cloud.get();
    expect(cloud.mints()).toBe(2);
    letGo();
    // It says that it has minted, too, and so the next mint waits: but the newer token stays.
    expect((await late).results[0]).toMatchObject({ action: 'busy' });
    expect(cloud.storedToken()).toBe(newer);
    expect(cloud.isAlive(newer)).toBe(true);
    expect(cloud.mints()).toBe(2);
  });

  it('5. A late 40001 about an older token changes nothing: its reporter gets the stored one, without a mint (WxJava#1300)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const { access_token: older } = await cloud.get();
    cloud.clock.advance(110 * MINUTE_MS);
    await cloud.refresh();
    cloud.clock.advance(6 * MINUTE_MS);
    const before = cloud.stored();
    const attempts = await callWeChat(cloud, { held: older });
    expect(errcodesOf(attempts)).toEqual([40001, 0]);
    expect(attempts[1]?.token).toBe(cloud.storedToken());
    expect(cloud.stored()).toEqual(before);
    expect(cloud.mints()).toBe(2);
  });

  it('22. A holder that was stopped past its claim and wakes up to save is refused: what its successor stored stays (WxJava#2265, spring-projects/spring-integration#2660)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS, host: { killOnTimeout: false } });
    const { reached, letGo } = holdWrite(cloud, 'before', 2);
    const zombie = cloud.refresh();
    await reached;
    const { pid } = cloud.host.instances('refreshAccessToken')[0]!;
    process.kill(pid, 'SIGSTOP');
    cloud.clock.advance(CLAIM_MS);
    const { access_token: successors } = await cloud.get();
    process.kill(pid, 'SIGCONT');
    letGo();
    expect((await zombie).results[0]).toMatchObject({ action: 'busy' });
    expect(cloud.storedToken()).toBe(successors);
    expect(cloud.isAlive(successors)).toBe(true);
    expect(cloud.lines.some((line) => line.includes('claim_lost'))).toBe(true);
    expect(cloud.mints()).toBe(2);
  });

  it('26. A reader that acts on an expired row does not undo the fresh one that a writer saves meanwhile (uni-open-bridge-common)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    await cloud.refresh();
    cloud.clock.advance(120 * MINUTE_MS);
    const { reached, letGo } = holdWrite(cloud, 'before', 1);
    const reader = cloud.get();
    await reached;
    expect((await cloud.refresh()).results[0]).toMatchObject({ action: 'refreshed' });
    const fresh = cloud.storedToken();
    letGo();
    expect(await reader).toMatchObject({ errcode: 0, access_token: fresh });
    expect(cloud.storedToken()).toBe(fresh);
    expect(cloud.gateway.stats.snapshot().actions['database.removeDocument']).toBeUndefined();
    expect(cloud.mints()).toBe(2);
  });
});
