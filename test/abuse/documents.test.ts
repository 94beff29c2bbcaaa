/** Documents that somebody with a hand in the database has changed: no lie becomes an answer, none stops the mints. */

import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTokenCipher } from '../../functions/_shared/store/cipher.ts';
import type { SealedValue } from '../../functions/_shared/store/sealed.ts';
import { fromDocument } from '../../functions/_shared/store/document.ts';
import { toReply } from '../../functions/getAccessToken/contract.ts';
import { dayOf } from '../../functions/_shared/token/backoff.ts';
import { APPID, createHarness, START_MS, tokenOf } from '../support/harness.ts';

const HOUR_MS = 3_600_000;
const noKeys = createTokenCipher([]);

/** A harness whose stored document has these fields instead of its own. */
async function harnessWith(fields: object, api: 'token' | 'stable' = 'token') {
  const harness = createHarness({ policy: { api } });
  await harness.get(harness.process());
  harness.collection.documents.set(APPID, { ...harness.collection.documents.get(APPID), ...fields });
  return { harness, app: harness.process() };
}

const backoff = {
  owner: 'configuration',
  errcode: 40_125,
  errmsg: 'invalid appsecret',
  failures: 1,
  sinceAtMs: START_MS,
  retryAtMs: START_MS + HOUR_MS,
  fingerprint: 'f1',
};
const token = {
  value: '110_stored',
  api: 'token',
  mintedAtMs: START_MS,
  expiresAtMs: START_MS + 2 * HOUR_MS,
};

const damagedBy = (fields: object): string[] =>
  fromDocument({ ...fields, _id: APPID }, APPID, noKeys).damaged.filter((name) =>
    Object.hasOwn(fields, name),
  );

describe('a stored failure', () => {
  it('counts while it is whole', async () => {
    expect(damagedBy({ backoff })).toEqual([]);
    const { harness, app } = await harnessWith({ token: null, backoff });
    expect(await harness.get(app)).toMatchObject({ ok: false, errcode: 40_125 });
  });

  it.each<[string, object]>([
    ['with the code of success', { errcode: 0 }],
    ['with a text without end', { errmsg: 'x'.repeat(1_001) }],
    ['with failures beyond counting', { failures: 2 ** 53 - 1 }],
  ])('%s is none', async (_what, change) => {
    const { harness, app } = await harnessWith({ token: null, backoff: { ...backoff, ...change } });
    expect(damagedBy({ backoff: { ...backoff, ...change } })).toEqual(['backoff']);
    expect(harness.isAlive(tokenOf(await harness.get(app)))).toBe(true);
  });
});

describe('a stored token', () => {
  it.each<[string, unknown]>([
    ['with a line break', 'a\nb'],
    ['with a blank', '110 x'],
    ['of 2 049 characters', 'x'.repeat(2_049)],
    ['that is empty', ''],
    ['sealed with megabytes of nothing', { kid: 'k', iv: '', tag: '', data: 'x'.repeat(5_000) }],
  ])('%s is never handed out', async (_what, value) => {
    expect(damagedBy({ token: { ...token, value } })).toEqual(['token']);
    const { harness, app } = await harnessWith({ token: { ...token, value } });
    expect(harness.isAlive(tokenOf(await harness.get(app)))).toBe(true);
  });

  it.each(['token', 'stable'] as const)(
    'from an instance whose clock is ahead is promised for no more than WeChat grants, in %s mode',
    async (api) => {
      const mintedAtMs = START_MS + 9 * 60_000;
      const ahead = { ...token, api, mintedAtMs, expiresAtMs: mintedAtMs + 2 * HOUR_MS };
      const { harness, app } = await harnessWith({ token: ahead }, api);
      const reply = toReply(APPID, await harness.get(app));
      if (!('expires_in' in reply)) throw new Error(reply.errmsg);
      expect(reply.expires_in).toBeLessThanOrEqual(7_200);
      expect(reply.expires_at).toBeLessThanOrEqual(harness.timeline.now() / 1_000 + 7_200);
    },
  );
});

describe('a count of mints', () => {
  it('that nothing could have counted does not stop the mints until midnight', async () => {
    const mints = { day: dayOf(START_MS), count: 2 ** 53 - 1 };
    expect(damagedBy({ mints })).toEqual(['mints']);
    const { harness, app } = await harnessWith({ token: null, mints });
    expect(harness.isAlive(tokenOf(await harness.get(app)))).toBe(true);
  });
});

describe('a version', () => {
  it.each([2 ** 53 - 1, 9_000_000_000_000_000, 0, -1, 1.5])('of %d starts again', async (version) => {
    expect(damagedBy({ version })).toEqual(['version']);
    const { harness, app } = await harnessWith({ version });
    await harness.tick(app);
    expect(damagedBy({ version: harness.stored().version })).toEqual([]);
    expect(harness.isAlive(harness.stored().token!.value)).toBe(true);
  });
});

describe('a sealed token', () => {
  const key = Buffer.alloc(32, 5);
  const kid = createHash('sha256').update(key).digest('hex').slice(0, 8);

  /** As whoever holds the key could make one, bound to whatever he likes. */
  function sealedFor(boundTo: unknown): SealedValue {
    const iv = Buffer.alloc(12, 1);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(JSON.stringify(boundTo)));
    const data = Buffer.concat([cipher.update('110_sealed'), cipher.final()]).toString('base64');
    return { kid, iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), data };
  }

  it('opens only where AppID and key id are those that it was sealed for', () => {
    const { open } = createTokenCipher([key]);
    expect(open(APPID, sealedFor([APPID, kid]))).toEqual({ ok: true, value: '110_sealed' });
    for (const other of [[APPID], [kid], [APPID, '00000000'], ['wxother', kid], []])
      expect(open(APPID, sealedFor(other))).toMatchObject({ ok: false });
  });

  it('does not open with the beginning of its tag, which could be guessed', () => {
    const whole = sealedFor([APPID, kid]);
    for (const bytes of [4, 8, 12]) {
      const tag = Buffer.from(whole.tag, 'base64').subarray(0, bytes).toString('base64');
      expect(createTokenCipher([key]).open(APPID, { ...whole, tag })).toMatchObject({ ok: false });
    }
  });
});
