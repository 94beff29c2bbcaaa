/** Whether functions are built to be called by the timer. */

import { pick } from '../command/language.ts';
import { readTicks } from '../../functions/_shared/runtime/config.ts';

/** `value`: of the variable TICKS. Throws one readable line when it is none of the three. */
export function isTimerWanted(value: string | undefined): boolean {
  const ticks = readTicks(value);
  if (ticks === undefined)
    throw new Error(
      pick({
        en: 'TICKS must be timer, outside or readers: correct it in .env.local',
        zh: 'TICKS 只能是 timer、outside 或 readers：请在 .env.local 里改正',
      }),
    );
  return ticks === 'timer';
}
