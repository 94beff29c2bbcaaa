/** What every order of steps has to come to: one mint for all, its token stored, and a living one in every hand. */

import { deepStrictEqual } from 'node:assert';
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

export interface Outcome {
  mints: number;
  isNewestStored: boolean;
  claim: unknown;
  unsettledSinceAtMs: number | null;
  /** Who got no token, or one that WeChat doesn't accept, and why. */
  unserved: string[];
}

/** In whatever order they take their steps. */
export function rightOutcome(beginning: Beginning, roles: readonly Role[]): Outcome {
  const mints = roles.some((role) => MINTERS[beginning].includes(role)) ? 1 : 0;
  return { mints, isNewestStored: true, claim: null, unsettledSinceAtMs: null, unserved: [] };
}

/** Two or three holders of any role, in an order of steps that chance chooses and fast-check shrinks. */
export function anyRace(core?: Core) {
  return fc.asyncProperty(
    fc.constantFrom(...BEGINNINGS),
    fc.array(fc.constantFrom<Role[]>('timer', 'reader', 'reporter'), { minLength: 2, maxLength: 3 }),
    fc.scheduler(),
    async (beginning, roles, scheduler) => {
      const outcome = await race(scheduler, (all) => scheduler.waitFor(all), beginning, roles, core);
      deepStrictEqual(outcome, rightOutcome(beginning, roles));
    },
  );
}

/** Lets the holders run against each other; `settle` releases their steps. */
export async function race(
  scheduler: Scheduler,
  settle: <T>(all: Promise<T>) => Promise<T>,
  beginning: Beginning,
  roles: readonly Role[],
  core?: Core,
): Promise<Outcome> {
  const world = createRace(scheduler, beginning, core);
  const runs = roles.map((role, index) => world.run(NAMES[index]!, role));
  const answers = await settle(Promise.all(runs));
  const stored = world.stored();
  const unserved = answers.flatMap((answer, index) => {
    if (answer === null) return [];
    if (!answer.ok) return [`${NAMES[index]}: ${answer.errcode} ${answer.errmsg}`];
    // Who asks while nobody has noticed yet gets the revoked one.
    const isUnaware = beginning === 'revoked' && roles[index] === 'reader';
    return isUnaware || world.isAccepted(answer.token) ? [] : [`${NAMES[index]}: a dead token`];
  });
  return {
    mints: world.mints(),
    isNewestStored: stored?.token?.value === world.newest(),
    claim: stored?.claim,
    unsettledSinceAtMs: stored?.unsettledSinceAtMs ?? null,
    unserved,
  };
}
