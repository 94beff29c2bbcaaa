/**
 * Encryption of a token at rest: AES-256-GCM, bound to its AppID and to the key that sealed it.
 *
 * The first key encrypts, any key decrypts. To rotate, put the new key first, and remove the old one once every document
 * has been written anew (at the next refresh).
 */

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { inClear } from './sealed.ts';
import type { Opened, SealedValue, TokenCipher } from './sealed.ts';

const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D: 96 bits; a random one is safe for far more messages than a key will ever see here. */
const IV_BYTES = 12;

export function createTokenCipher(keys: readonly Buffer[]): TokenCipher {
  const byId = new Map(keys.map((key) => [keyId(key), key]));
  const [first] = byId;
  return {
    seal: (appid, value) => (first === undefined ? value : seal(...first, appid, value)),
    open(appid, stored) {
      // Written before a key was configured: it stays readable, and the next refresh seals it.
      if (typeof stored === 'string') return inClear.open(appid, stored);
      const key = byId.get(stored.kid);
      if (key === undefined) return inClear.open(appid, stored);
      return open(key, appid, stored);
    },
  };
}

function seal(kid: string, key: Buffer, appid: string, value: string): SealedValue {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(boundTo(appid, kid));
  const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return {
    kid,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
}

function open(key: Buffer, appid: string, { kid, iv, tag, data }: SealedValue): Opened {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(boundTo(appid, kid)).setAuthTag(Buffer.from(tag, 'base64'));
    const value = Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
    return { ok: true, value: value.toString('utf8') };
  } catch {
    return { ok: false, why: 'altered since it was sealed, or moved from another AppID' };
  }
}

function boundTo(appid: string, kid: string): Buffer {
  return Buffer.from(JSON.stringify([appid, kid]));
}

function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
