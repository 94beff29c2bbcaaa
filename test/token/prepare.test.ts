/** What a mint needs is got before the claim; where it can't be had, nothing is claimed, minted or written. */

import { describe, expect, it } from 'vitest';
import { refreshAccessToken } from '../../functions/_shared/token/refreshAccessToken.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { backoffOf, HOUR_MS, MINUTE_MS, NOW_MS, recordOf, tokenOf } from './samples.ts';
import { scripted } from './scripted.ts';

const FAILURE = { owner: 'transient' as const, errcode: 503, errmsg: 'no token', retryAfterMs: 5_000 };
const due = tokenOf({ mintedAtMs: NOW_MS - 111 * MINUTE_MS });

async function refresh(
  record: TokenRecord,
  by: 'timer' | 'reader',
  failure: typeof FAILURE | null = FAILURE,
) {
  const asked: boolean[] = [];
  const { app, mints, written, lines } = scripted({
    record: () => record,
    prepare: async (isUrgent) => {
      asked.push(isUrgent);
      return failure;
    },
  });
  return { outcome: await refreshAccessToken(app, { by }), asked, mints, written, lines };
}

describe('what a mint needs', () => {
  it('is waited for by the timer, and by a reader who has nothing else', async () => {
    const overdue = recordOf({ token: due, backoff: null });
    expect((await refresh(overdue, 'timer')).asked).toEqual([true]);
    expect((await refresh(recordOf({ token: null }), 'reader')).asked).toEqual([true]);
    const late = recordOf({ token: tokenOf({ mintedAtMs: NOW_MS - 116 * MINUTE_MS }) });
    expect((await refresh(late, 'reader')).asked).toEqual([false]);
  });

  it('leads to the mint once it is there', async () => {
    const { mints, outcome } = await refresh(recordOf({ token: null }), 'reader', null);
    expect(mints).toEqual([false]);
    expect(outcome.action).toBe('refreshed');
  });

  it('and is not to be had: nothing is claimed or minted, and the failure says when to come back', async () => {
    for (const backoff of [
      null,
      backoffOf({ retryAtMs: NOW_MS }),
      backoffOf({ retryAtMs: NOW_MS - HOUR_MS }),
    ]) {
      const { outcome, mints, written, lines } = await refresh(recordOf({ token: due, backoff }), 'timer');
      expect(outcome).toMatchObject({ action: 'failed', failure: FAILURE, retryAtMs: NOW_MS + 5_000 });
      expect([mints, written]).toEqual([[], []]);
      expect(lines).toEqual([['mint_failed', expect.objectContaining({ outcome: 'refused', errcode: 503 })]]);
    }
  });
});
