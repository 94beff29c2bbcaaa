/** The history of refreshes: written with the refresh itself, bounded, and never read by callers. */

import { describe, expect, it } from 'vitest';
import { HISTORY_KEPT } from '../../functions/_shared/store/collection.ts';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { APPID, borrowCloud, NOON_MS } from '../support/cloud.ts';

const MINUTE_MS = 60_000;

describe('history', () => {
  it('tells each refresh: when, why, gap, outcome, errcode, rid and who', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const startedAtMs = cloud.clock.now();
    await cloud.get();
    cloud.clock.advance(110 * MINUTE_MS);
    cloud.sandbox.faults.refuse(40164, { times: 1 });
    await cloud.refresh();
    cloud.clock.advance(2 * MINUTE_MS);
    await cloud.refresh();
    const history = cloud.stored()?.['history'];
    expect(history).toMatchObject([
      {
        reason: 'reader',
        outcome: 'minted',
        errcode: 0,
        gapMs: null,
        rid: null,
        who: expect.stringMatching(/^getAccessToken\/[0-9a-f]{8}$/) as string,
      },
      {
        reason: 'timer',
        outcome: 'refused',
        errcode: 40164,
        rid: expect.stringMatching(/^[0-9a-f]{8}-/) as string,
      },
      { reason: 'timer', outcome: 'minted', atMs: startedAtMs + 112 * MINUTE_MS, gapMs: 112 * MINUTE_MS },
    ]);
  });

  it('costs no write of its own, and a caller’s read leaves it in the database', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const sent: string[] = [];
    cloud.gateway.faults.intercept(({ stage, action, body }) => {
      if (stage === 'before') sent.push(`${action} ${JSON.stringify(body['projection'] ?? '')}`);
      return undefined;
    });
    await cloud.refresh();
    expect(sent.map((line) => line.split(' ')[0])).toEqual([
      'database.getDocument',
      'database.insertDocument',
      'database.modifyDocument',
    ]);
    expect(sent[0]).toContain('history');
  });

  it('keeps the latest entries only', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    await cloud.refresh();
    for (let refresh = 0; refresh < HISTORY_KEPT + 3; refresh++) {
      cloud.clock.advance(110 * MINUTE_MS);
      await cloud.refresh();
    }
    const history = cloud.stored()?.['history'] as { atMs: number }[];
    expect(history).toHaveLength(HISTORY_KEPT);
    expect(history.at(-1)?.atMs).toBe(cloud.clock.now());
  });

  it('starts anew where it was damaged, instead of refusing every refresh', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    await cloud.refresh();
    await cloud.database
      .collection(COLLECTION)
      .update({ query: { _id: APPID }, update: { $set: { history: 'gone' } } });
    cloud.clock.advance(110 * MINUTE_MS);
    expect((await cloud.refresh()).results[0]).toMatchObject({ action: 'refreshed' });
    expect(cloud.stored()?.['history']).toHaveLength(1);
  });
});
