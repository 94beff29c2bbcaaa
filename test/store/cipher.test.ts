/** Encryption at rest: what is sealed, who can open it, and what becomes of a document that nobody can. */

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTokenCipher } from '../../functions/_shared/store/cipher.ts';
import type { SealedValue } from '../../functions/_shared/store/sealed.ts';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const TOKEN = '110_a-token-that-nobody-may-read';

const sealWith = (...keys: Buffer[]): SealedValue =>
  createTokenCipher(keys).seal('wxa', TOKEN) as SealedValue;

describe('the token cipher', () => {
  it('stores in clear without a key, and reads that with one', () => {
    expect(createTokenCipher([]).seal('wxa', TOKEN)).toBe(TOKEN);
    expect(createTokenCipher([newKey]).open('wxa', TOKEN)).toEqual({ ok: true, value: TOKEN });
  });

  it('seals with the first key and opens with any', () => {
    const sealed = sealWith(newKey, oldKey);
    expect(JSON.stringify(sealed)).not.toContain('110_');
    expect(createTokenCipher([oldKey, newKey]).open('wxa', sealed)).toEqual({ ok: true, value: TOKEN });
    expect(createTokenCipher([newKey]).open('wxa', sealed)).toEqual({ ok: true, value: TOKEN });
  });

  it('names the key by eight characters of its hash', () => {
    expect(sealWith(newKey).kid).toMatch(/^[0-9a-f]{8}$/);
    expect(sealWith(newKey).kid).not.toBe(sealWith(oldKey).kid);
  });

  it('refuses a tag that was cut short: a short one is guessed soon', () => {
    const sealed = sealWith(newKey);
    const tag = Buffer.from(sealed.tag, 'base64').subarray(0, 12).toString('base64');
    expect(createTokenCipher([newKey]).open('wxa', { ...sealed, tag })).toEqual({
      ok: false,
      why: 'altered since it was sealed, or moved from another AppID',
    });
  });

  it('seals the same token differently each time', () => {
    expect(sealWith(newKey).data).not.toBe(sealWith(newKey).data);
  });

  it('says that the key is missing when it is', () => {
    const opened = createTokenCipher([oldKey]).open('wxa', sealWith(newKey));
    expect(opened).toMatchObject({
      ok: false,
      why: expect.stringContaining('TOKEN_ENCRYPTION_KEYS') as string,
    });
  });

  it.each<[string, (sealed: SealedValue) => SealedValue]>([
    ['its data is altered', (sealed) => ({ ...sealed, data: flipped(sealed.data) })],
    ['its tag is altered', (sealed) => ({ ...sealed, tag: flipped(sealed.tag) })],
    ['its tag is cut', (sealed) => ({ ...sealed, tag: sealed.tag.slice(0, 8) })],
    ['its iv is altered', (sealed) => ({ ...sealed, iv: flipped(sealed.iv) })],
    ['its iv is gone', (sealed) => ({ ...sealed, iv: '' })],
    ['its data is no base64', (sealed) => ({ ...sealed, data: '\u0000' })],
  ])('opens nothing when %s', (_, alter) => {
    expect(createTokenCipher([newKey]).open('wxa', alter(sealWith(newKey)))).toMatchObject({ ok: false });
  });

  it('opens nothing that was sealed for another AppID', () => {
    expect(createTokenCipher([newKey]).open('wxb', sealWith(newKey))).toMatchObject({ ok: false });
  });
});

function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
}
