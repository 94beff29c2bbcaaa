/** What every order of steps has to come to: one mint for all, its token stored, and a living one in every hand. */

import * as fc from 'fast-check';
import { BEGINNINGS, createRace } from './race.ts';
import type { Beginning, Role } from './race.ts';
import type { Scheduler } from './race-clock.ts';
import type { Core } from './mutants.ts';

const NAMES = ['A', 'B', 'C'];

/** Who has a reason to mint? One of them is enough, and one mint serves all. */
const MINTERS: Record<Beginning, readonly Role[]> = {
  empty: ['timer', 'reader', 'reporter'],
  due: ['timer', 'reporter'],
  expired: ['timer', 'reader', 'reporter'],
  revoked: ['reporter'],
};

/** Two or three holders of any role, in an order of steps that chance chooses and fast-check shrinks. */
export function anyRace(core?: Core) {
  return fc.asyncProperty(
    fc.constantFrom(...BEGINNINGS),
    fc.array(fc.constantFrom<Role[]>('timer', 'reader', 'reporter'), { minLength: 2, maxLength: 3 }),
    fc.scheduler(),
    (beginning, roles, scheduler) => race(scheduler, (all) => scheduler.waitFor(all), beginning, roles, core),
  );
}

/** Lets the holders run against each other and checks what came of it; `settle` releases their steps. */
export async function race(
  scheduler: Scheduler,
  settle: <T>(all: Promise<T>) => Promise<T>,
  beginning: Beginning,
  roles: readonly Role[],
  core?: Core,
): Promise<void> {
  const world = createRace(scheduler, beginning, core);
  const runs = roles.map((role, index) => world.run(NAMES[index]!, role));
  const answers = await settle(Promise.all(runs));
  const expected = roles.some((role) => MINTERS[beginning].includes(role)) ? 1 : 0;
  if (world.mints() !== expected) throw new Error(`${world.mints()} mints instead of ${expected}`);
  const stored = world.stored();
  if (stored?.token?.value !== world.newest()) throw new Error('the stored token is not the newest one');
  if (stored.claim !== null || stored.unsettledSinceAtMs !== null)
    throw new Error('the claim was left behind');
  answers.forEach((answer, index) => {
    if (answer === null) return;
    if (!answer.ok) throw new Error(`${NAMES[index]} got ${answer.errcode} ${answer.errmsg}`);
    // Who asks while nobody has noticed yet gets the revoked one.
    const isUnaware = beginning === 'revoked' && roles[index] === 'reader';
    if (!isUnaware && !world.isAccepted(answer.token)) throw new Error(`${NAMES[index]} got a dead token`);
  });
}
