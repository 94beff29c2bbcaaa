/** What each failure of the database becomes, whatever it was that was thrown. */

import { describe, expect, it } from 'vitest';
import { isAboutList, isDuplicate, toTokenError } from '../../functions/_shared/store/database-errors.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';

const failure = (code: unknown, message = ''): Error => Object.assign(new Error(message), { code });

describe('the error that callers get', () => {
  it('stays what it is when it is one already', () => {
    const error = new TokenError('STORE_UNAVAILABLE', 'as it was');
    expect(toTokenError(error, 'tokens', 'read')).toBe(error);
  });

  it.each([
    ['DATABASE_COLLECTION_NOT_EXIST', 'the collection tokens does not exist: npm run deploy creates it'],
    [
      'DATABASE_PERMISSION_DENIED',
      'the collection tokens is closed to this function: npm run deploy sets its access',
    ],
  ])('names the cure of %s', (code, message) => {
    for (const verb of ['read', 'write'] as const)
      expect(toTokenError(failure(code), 'tokens', verb)).toMatchObject({
        code: 'STORE_MISCONFIGURED',
        message,
      });
  });

  it.each([
    ['read', 'the database could not be read (TIMEOUT)'],
    ['write', 'the database could not be written (TIMEOUT)'],
  ] as const)('says which of the two failed: %s', (verb, message) => {
    expect(toTokenError(failure('TIMEOUT'), 'tokens', verb)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message,
    });
  });

  it.each<[unknown, string]>([
    [undefined, 'UNKNOWN'],
    [null, 'UNKNOWN'],
    ['ECONNRESET', 'UNKNOWN'],
    [42, 'UNKNOWN'],
    [new Error('https://host/?secret'), 'UNKNOWN'],
    [{ code: '' }, 'UNKNOWN'],
    [{ code: undefined }, 'undefined'],
    [{ code: 'a code with spaces' }, 'UNKNOWN'],
    [{ code: 'https://host/?secret' }, 'UNKNOWN'],
    [{ code: 'X'.repeat(61) }, 'UNKNOWN'],
    [{ code: 'X'.repeat(60) }, 'X'.repeat(60)],
    [{ code: 'A\nB' }, 'UNKNOWN'],
    [{ code: -501001 }, '-501001'],
    [{ code: 'SYS.ERR_1-2' }, 'SYS.ERR_1-2'],
  ])('quotes of %j only a code: %s', (thrown, code) => {
    expect(toTokenError(thrown, 'tokens', 'read').message).toBe(`the database could not be read (${code})`);
  });
});

describe('a duplicate', () => {
  it.each<[unknown, boolean]>([
    [{ code: 'X', message: 'E11000 duplicate key' }, true],
    [{ code: 'DATABASE_DUPLICATE_WRITE' }, true],
    [{ message: 'it says DATABASE_DUPLICATE_WRITE' }, true],
    [{ code: 'X', message: 'duplicate' }, false],
    [{ code: 11000, message: ['E11000'] }, false],
    ['E11000', false],
    [null, false],
    [undefined, false],
    [7, false],
    [{}, false],
  ])('%j: %s', (error, expected) => {
    expect(isDuplicate(error)).toBe(expected);
  });
});

describe('a push onto what is no list', () => {
  const CODE = 'DATABASE_REQUEST_FAILED';

  it.each<[unknown, boolean]>([
    [failure(CODE, 'The field history must be an array but is of type string'), true],
    [failure(CODE, 'must be an ARRAY'), true],
    [failure(CODE, 'too large'), false],
    [failure('SYS_ERR', 'must be an array'), false],
    [{ code: CODE, message: 'must be an array' }, false],
    [{ code: CODE }, false],
    [null, false],
  ])('%j: %s', (error, expected) => {
    expect(isAboutList(error)).toBe(expected);
  });
});
