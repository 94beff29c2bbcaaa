/** Each shape of an answer by itself: what is taken, and what is an error of which name and code. */

import { describe, expect, it } from 'vitest';
import {
  AnswerError,
  documentIn,
  documentsIn,
  isOne,
  requireInserted,
} from '../../functions/_shared/store/answers.ts';

const errorOf = (run: () => unknown): AnswerError => {
  try {
    run();
  } catch (error) {
    return error as AnswerError;
  }
  throw new Error('nothing was thrown');
};
const UNREADABLE = {
  name: 'AnswerError',
  code: 'UNREADABLE_ANSWER',
  message: 'the database answered in a form that is not known here (UNREADABLE_ANSWER)',
};

describe('one document', () => {
  it('is the one that was asked for, or none', () => {
    expect(documentIn({ data: [{ _id: 'a', version: 1 }] }, 'a')).toEqual({ _id: 'a', version: 1 });
    expect(documentIn({ data: [] }, 'a')).toBeNull();
  });

  it('may have fields that a refusal has', () => {
    const document = { _id: 'a', code: 'X', message: 'y' };
    expect(documentIn({ data: [document] }, 'a')).toEqual(document);
  });

  it.each<[string, unknown]>([
    ['no answer', undefined],
    ['null', null],
    ['a text', 'data'],
    ['a number', 1],
    ['a function', () => undefined],
    ['no list', { data: { length: 0 } }],
    ['a text for a list', { data: '' }],
    ['two', { data: [{ _id: 'a' }, { _id: 'a' }] }],
    ['another', { data: [{ _id: 'b' }] }],
    ['no object', { data: [null] }],
    ['a text in its place', { data: ['a'] }],
  ])('%s is an error', (_, answer) => {
    const error = errorOf(() => documentIn(answer, 'a'));
    expect(error).toBeInstanceOf(AnswerError);
    expect(error).toMatchObject(UNREADABLE);
  });
});

describe('several documents', () => {
  it('are some of those that were asked for', () => {
    const found = documentsIn({ data: [{ _id: 'b' }, { _id: 'a', version: 1 }] }, ['a', 'b', 'c']);
    expect([...found]).toEqual([
      ['b', { _id: 'b' }],
      ['a', { _id: 'a', version: 1 }],
    ]);
    expect(documentsIn({ data: [] }, ['a']).size).toBe(0);
  });

  it.each<[string, unknown]>([
    ['no list', { data: { map: () => [] } }],
    ['a stranger', { data: [{ _id: 'x' }] }],
    ['one without a name', { data: [{}] }],
    ['one twice', { data: [{ _id: 'a' }, { _id: 'a' }] }],
    ['null among them', { data: [{ _id: 'a' }, null] }],
  ])('%s is an error', (_, answer) => {
    expect(errorOf(() => documentsIn(answer, ['a', 'b']))).toMatchObject(UNREADABLE);
  });
});

describe('a write', () => {
  it('names the document that it inserted', () => {
    expect(() => requireInserted({ id: 'a' }, 'a')).not.toThrow();
    for (const answer of [{}, { id: 'b' }, { ids: ['a'] }])
      expect(errorOf(() => requireInserted(answer, 'a'))).toMatchObject(UNREADABLE);
  });

  it.each(['updated', 'deleted'] as const)('counts what it has %s', (count) => {
    expect(isOne({ [count]: 1 }, count)).toBe(true);
    expect(isOne({ [count]: 0 }, count)).toBe(false);
    for (const number of [2, -1, '1', true, null, undefined])
      expect(errorOf(() => isOne({ [count]: number }, count))).toMatchObject(UNREADABLE);
  });
});

describe('a refusal that was not thrown', () => {
  it('keeps its code and its words', () => {
    const error = errorOf(() => isOne({ code: 'DATABASE_X', message: 'why', updated: 1 }, 'updated'));
    expect(error).toBeInstanceOf(AnswerError);
    expect(error).toMatchObject({ code: 'DATABASE_X', message: 'why' });
  });

  it.each([undefined, 3, null, { text: 'x' }])('without words gets ours: %j', (message) => {
    expect(errorOf(() => isOne({ code: 'DATABASE_X', message }, 'updated')).message).toBe(
      'the database answered in a form that is not known here (DATABASE_X)',
    );
  });

  it.each([undefined, '', 0, 7, null])('is none by the code %j', (code) => {
    expect(isOne({ code, updated: 1 }, 'updated')).toBe(true);
  });
});
