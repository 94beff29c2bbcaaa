/** R3, R4, R7: each fault of WeChat and of the database, at each place where a refresh can meet it, while others go on. */

import { describe, expect, it } from 'vitest';
import { advance, get, LINE_FAULTS, STORE_FAULTS, storeFault, tick, wechatFault } from './model/commands.ts';
import type { Command } from './model/commands.ts';
import { BEGINNINGS, live } from './model/life-of-a-token.ts';

/** How long after the fault somebody tries again: within the claim, after it, within the hold, after it. */
const PAUSES_MS = [1_000, 10_000, 31_000, 180_000, 241_000];
/** Reads and writes of one refresh, the second tries included. */
const DATABASE_CALLS = [0, 1, 2, 3, 4];

/** B remembers the token from before, A meets the fault, and all of them go on. */
const around = (fault: Command, pauseMs: number): Command[] =>
  [
    [get('B'), advance(1_000), fault, tick('A'), advance(10), get('C'), advance(10_000), get('B')],
    [advance(pauseMs), tick('C'), advance(1_000), get('B'), get('A'), advance(61_000), get('A'), tick('B')],
    [advance(241_000), get('B'), tick('A'), advance(1_000), get('C'), advance(61_000)],
  ].flat();

describe.each(BEGINNINGS)('when %s', (beginning) => {
  it.each([...LINE_FAULTS.keys()])('every promise is kept although WeChat %s', async (fault) => {
    expect.hasAssertions();
    for (const pauseMs of PAUSES_MS)
      await expect(live('token', beginning, around(wechatFault(fault), pauseMs))).resolves.toBeUndefined();
  });

  it.each(STORE_FAULTS)('every promise is kept although a database call is %s', async (fault) => {
    expect.hasAssertions();
    for (const number of DATABASE_CALLS)
      for (const pauseMs of PAUSES_MS)
        await expect(
          live('token', beginning, around(storeFault(fault, number), pauseMs)),
        ).resolves.toBeUndefined();
  });
});
