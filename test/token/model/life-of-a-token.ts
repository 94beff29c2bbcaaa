/** The property: from any beginning, whatever happens, no invariant breaks, and in the end all is well again. */

import * as fc from 'fast-check';
import { isBackingOff } from '../../../functions/_shared/token/backoff.ts';
import type { TokenApi } from '../../../functions/_shared/token/record.ts';
import { anyCommands } from './any-commands.ts';
import type { Command } from './commands.ts';
import type { Core } from './mutants.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const BEGINNINGS = ['nothing is stored', 'a token is stored', 'the stored token is due'] as const;
export type Beginning = (typeof BEGINNINGS)[number];

export function lifeOfAToken(api: TokenApi, core?: Core) {
  return fc.asyncProperty(fc.constantFrom(...BEGINNINGS), anyCommands, (beginning, commands) =>
    live(api, beginning, commands, core),
  );
}

/** Lives through the commands, and to a good end. Throws at the first violation. */
export async function live(api: TokenApi, beginning: Beginning, commands: Iterable<Command>, core?: Core) {
  const world = createWorld(api, core);
  for (const name of ['A', 'B', 'C']) world.start(name);
  if (beginning !== 'nothing is stored') {
    await world.timeline.settle(world.tick(world.start('the first')));
    await world.advance(beginning === 'a token is stored' ? MINUTE_MS : 110 * MINUTE_MS);
  }
  await fc.asyncModelRun(() => ({ model: world, real: world }), commands);
  await assertEndsWell(world);
}

/** With the faults over, two ticks 5 minutes apart bring a token that works, unless a stop with a known end forbids it. */
async function assertEndsWell(world: World): Promise<void> {
  world.storeFaults.length = 0;
  world.lineFaults.length = 0;
  for (const { gate } of world.processes.values()) gate.thaw();
  const last = world.start('the last');
  for (let ticks = 0; ticks < 2; ticks++) {
    await world.timeline.settle(world.tick(last));
    await world.advance(5 * MINUTE_MS);
  }
  await passStop(world);
  await world.timeline.settle(world.tick(last));
  await world.advance(31_000);
  await world.timeline.settle(world.call(last, null));
  // A token that others killed is reported by whoever meets the refusal.
  if (last.token !== null && !world.watch.isAccepted(last.token))
    await world.timeline.settle(world.call(last, last.token));
  await world.advance(MINUTE_MS);
  const [violation] = world.watch.violations;
  if (violation !== undefined) throw new Error(violation);
  if (last.token === null || !world.watch.isAccepted(last.token))
    throw new Error('10 minutes after the last fault there is still no token that works');
}

/** A spent quota lasts to the end of the day, and the pause after a configuration error an hour at the most. */
async function passStop(world: World): Promise<void> {
  const [document] = world.collection.documents.values();
  const backoff = (document as { backoff?: Parameters<typeof isBackingOff>[0] } | undefined)?.backoff ?? null;
  if (!isBackingOff(backoff, 'f1', world.timeline.now()) || backoff.owner === 'transient') return;
  const leftMs = backoff.retryAtMs - world.timeline.now();
  if (leftMs > (backoff.owner === 'quota' ? DAY_MS : 60 * MINUTE_MS))
    throw new Error('a stop without an end');
  await world.advance(leftMs);
}
