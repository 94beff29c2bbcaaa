/** What a write by compare-and-swap comes to, for each thing that its answer and the read after it can be. */

import { describe, expect, it } from 'vitest';
import { confirm } from '../../functions/_shared/store/confirmed-write.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';

type Answer = boolean | Error;
type Found = 'ours' | 'unchanged' | 'other' | Error;

const LOST = new TokenError('STORE_UNAVAILABLE', 'lost');
const GONE = new TokenError('STORE_UNAVAILABLE', 'unreadable');
const HOPELESS = new TokenError('STORE_MISCONFIGURED', 'no collection');
const FAULT = new TypeError('a fault of the code');

const settle = <T>(value: T | Error): Promise<T> =>
  value instanceof Error ? Promise.reject(value) : Promise.resolve(value);

/** Plays the answers in their order; `asked` tells what was done. */
async function play(writes: Answer[], reads: Found[], compares = true): Promise<[unknown, string]> {
  const asked: string[] = [];
  const next = <T>(from: T[], what: string): T => {
    asked.push(what);
    const value = from.shift();
    if (value === undefined) throw new Error(`one ${what} too many`);
    return value;
  };
  const result = await confirm<Found>(settle(next(writes, 'write')), {
    write: () => settle(next(writes, 'write')),
    read: () => settle(next(reads, 'read')),
    isOurs: (found) => found === 'ours',
    ...(compares ? { isUnchanged: (found: Found) => found === 'unchanged' } : {}),
  }).catch((error: unknown) => error);
  expect([writes, reads]).toEqual([[], []]);
  return [result, asked.join(' ')];
}

describe('an answer that came', () => {
  it('is believed', async () => {
    expect(await play([true], [])).toEqual([true, 'write']);
    expect(await play([false], [])).toEqual([false, 'write']);
  });

  it('is an error at once where a second try would be one, too', async () => {
    expect(await play([HOPELESS], [])).toEqual([HOPELESS, 'write']);
    expect(await play([FAULT], [])).toEqual([FAULT, 'write']);
  });
});

describe('an answer that was lost', () => {
  it('is made up for by a read: it was written, or somebody else has', async () => {
    expect(await play([LOST], ['ours'])).toEqual([true, 'write read']);
    expect(await play([LOST], ['other'])).toEqual([false, 'write read']);
  });

  it('and nothing was written: once more, and what that says counts', async () => {
    expect(await play([LOST, true], ['unchanged'])).toEqual([true, 'write read write']);
    expect(await play([LOST, LOST], ['unchanged', 'ours'])).toEqual([true, 'write read write read']);
    expect(await play([LOST, LOST], ['unchanged', 'other'])).toEqual([false, 'write read write read']);
    expect(await play([LOST, LOST], ['unchanged', 'unchanged'])).toEqual([LOST, 'write read write read']);
    expect(await play([LOST, HOPELESS], ['unchanged'])).toEqual([HOPELESS, 'write read write']);
  });

  it('and the second try meets a change: it may be the first one, which came late', async () => {
    expect(await play([LOST, false], ['unchanged', 'ours'])).toEqual([true, 'write read write read']);
    expect(await play([LOST, false], ['unchanged', 'other'])).toEqual([false, 'write read write read']);
    expect(await play([LOST, false], ['unchanged', 'unchanged'])).toEqual([false, 'write read write read']);
  });

  it('and the read fails, too', async () => {
    expect(await play([LOST, true], [GONE])).toEqual([true, 'write read write']);
    expect(await play([LOST, LOST], [GONE, GONE])).toEqual([GONE, 'write read write read']);
    expect(await play([LOST, false], [GONE, 'ours'])).toEqual([true, 'write read write read']);
    expect(await play([LOST, false], [GONE, GONE])).toEqual([GONE, 'write read write read']);
    expect(await play([LOST], [HOPELESS])).toEqual([HOPELESS, 'write read']);
    expect(await play([LOST], [FAULT])).toEqual([FAULT, 'write read']);
  });

  it('where nothing is compared, it is tried once more whatever is found', async () => {
    expect(await play([LOST, true], ['other'], false)).toEqual([true, 'write read write']);
    expect(await play([LOST, LOST], ['other', 'other'], false)).toEqual([LOST, 'write read write read']);
  });
});
