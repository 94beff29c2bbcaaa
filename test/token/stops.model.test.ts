/** R2, R3: a process may die or freeze at any of its awaits. Not a sample: each await, each way, each beginning. */

import { describe, expect, it } from 'vitest';
import { advance, get, thaw, tick, wechatFault } from './model/commands.ts';
import type { Command, Fate } from './model/commands.ts';
import { BEGINNINGS, live } from './model/life-of-a-token.ts';

const WAYS = ['crashes at', 'freezes before', 'freezes after'] as const;
/** A refresh has four: it reads, claims, mints, commits; a reader that waits has more. */
const AWAITS = [1, 2, 3, 4, 5, 6];
/** For how long the process is away: a moment, past its claim, past the hold, past the next refresh. */
const PAUSES_MS = [1_000, 31_000, 301_000, 110 * 60_000];

/** Others go on meanwhile, and it comes back to a changed world. */
const aroundStop = (door: (name: string, fate: Fate) => Command, fate: Fate, pauseMs: number): Command[] =>
  [
    [door('A', fate), advance(1_000), get('B'), tick('B')],
    [advance(pauseMs), get('B'), tick('C'), advance(301_000), get('C')],
    [thaw('A'), advance(10), get('A'), advance(61_000)],
  ].flat();

describe.each(BEGINNINGS)('when %s', (beginning) => {
  it.each(WAYS)('every promise is kept by and beside a process that %s any of its awaits', async (is) => {
    let lives = 0;
    for (const door of [tick, get])
      for (const number of AWAITS)
        for (const pauseMs of PAUSES_MS) {
          await live('token', beginning, aroundStop(door, { is, await: number }, pauseMs));
          lives += 1;
        }
    expect(lives).toBe(48);
  });
});

describe('a process that was frozen with an answer of the database on its way', () => {
  const frozen = get('A', { is: 'freezes after', await: 1 });
  const thawed = [thaw('A'), advance(1_000)];

  it('asks again instead of handing out what was replaced meanwhile', async () => {
    const replaced = [frozen, tick('C'), advance(301_000)];
    await expect(live('token', 'the stored token is due', [...replaced, ...thawed])).resolves.toBeUndefined();
  });

  it('asks again instead of handing out what expires early meanwhile', async () => {
    const lost = [wechatFault('loses the answer'), tick('C'), advance(242_000), tick('C'), advance(1_000)];
    const all = [frozen, ...lost, ...thawed];
    await expect(live('token', 'the stored token is due', all)).resolves.toBeUndefined();
  });
});
