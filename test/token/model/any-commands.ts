/** What fast-check chooses from, and how often. */

import * as fc from 'fast-check';
import {
  advance,
  ADVANCES_MS,
  foreignMint,
  get,
  LINE_FAULTS,
  report,
  restart,
  revoke,
  STORE_FAULTS,
  storeFault,
  thaw,
  tick,
  wechatFault,
} from './commands.ts';
import type { Command, Fate } from './commands.ts';
import type { World } from './world.ts';

const anyName = fc.constantFrom('A', 'B', 'C');

const anyFate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constantFrom('crashes at' as const, 'freezes after' as const, 'freezes before' as const),
      await: fc.integer({ min: 1, max: 7 }),
    }),
  },
);

const anyDoor = (door: (name: string, fate: Fate) => Command): fc.Arbitrary<Command> =>
  fc.tuple(anyName, anyFate).map(([name, fate]) => door(name, fate));

const anyAdvance = fc.constantFrom(...ADVANCES_MS).map(advance);

/** Time and doors more often than trouble: a fault that nobody meets teaches nothing. */
export const anyCommands = fc.commands<World, World, false>(
  [
    ...[tick, tick, get, get, report].map(anyDoor),
    ...Array<typeof anyAdvance>(4).fill(anyAdvance),
    fc.constantFrom(...LINE_FAULTS.keys()).map(wechatFault),
    fc.tuple(fc.constantFrom(...STORE_FAULTS), fc.nat({ max: 4 })).map((picked) => storeFault(...picked)),
    anyName.map(thaw),
    anyName.map(restart),
    fc.constantFrom(foreignMint, revoke),
  ],
  { maxCommands: 24, size: 'max' },
);
