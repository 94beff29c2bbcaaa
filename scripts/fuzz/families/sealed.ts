/** Encrypted values: what was encrypted can be decrypted; a value that was moved or changed can't. */

import * as fc from 'fast-check';
import { createTokenCipher } from '../../../functions/_shared/store/cipher.ts';
import type { SealedValue } from '../../../functions/_shared/store/sealed.ts';
import { must, pure } from '../family.ts';
import { longText, text } from '../values.ts';

const keys = fc
  .uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }), {
    minLength: 2,
    maxLength: 3,
    selector: String,
  })
  .map((list) => list.map((bytes) => Buffer.from(bytes)));
const part = fc.constantFrom<keyof SealedValue>('kid', 'iv', 'tag', 'data');

export const sealed = pure(
  'sealed',
  10,
  fc.asyncProperty(
    keys,
    text,
    fc.oneof(text, longText),
    part,
    fc.oneof(text, fc.base64String()),
    async ([own, ...others], appid, given, name, change) => {
      // The cipher uses UTF-8, which can't encode half of a surrogate pair.
      const value = Buffer.from(given).toString();
      const cipher = createTokenCipher([own!]);
      const stored = cipher.seal(appid, value) as SealedValue;
      const opened = createTokenCipher([...others, own!]).open(appid, stored);
      must(opened.ok && opened.value === value, 'a sealed value is lost');
      must(!createTokenCipher(others).open(appid, stored).ok, 'another key opens it');
      must(!cipher.open(`${appid}x`, stored).ok, 'it opens under another AppID');
      const changed = { ...stored, [name]: change };
      const isSame = Buffer.from(change, 'base64').equals(Buffer.from(stored[name], 'base64'));
      must(!cipher.open(appid, changed).ok || (isSame && name !== 'kid'), 'a changed value opens');
      const shortened = {
        ...stored,
        tag: Buffer.from(stored.tag, 'base64').subarray(0, 4).toString('base64'),
      };
      must(!cipher.open(appid, shortened).ok, 'a shortened tag is enough');
    },
  ),
);
