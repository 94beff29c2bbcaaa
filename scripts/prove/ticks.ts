/** What the rules ask of the timer: that it comes, what it looks like, and that a failed run is repeated. */

import type { Assumption } from './assumption.ts';
import { NotTried } from './not-tried.ts';
import { toldSource, type ProveFunctions, type Tick } from './functions.ts';

export const TICKS: readonly Assumption[] = [
  {
    id: 'timer-fires',
    assumption: 'a timer trigger calls its function within two of its periods',
    reliedOnFor: 'R1: a token is replaced before it ends',
    ifNot: 'readers alone refresh the token, from five minutes past due: look at the trigger in the console',
    observe: async (_, functions) => {
      const tick = await functions.firstTick();
      return { holds: tick !== null, seen: tick === null ? 'no tick came' : 'a tick came' };
    },
  },
  {
    id: 'timer-event',
    assumption: 'its event has the texts Type (Timer), TriggerName and Time',
    reliedOnFor: 'alerts: a manual refresh is not taken for a tick',
    ifNot: 'the alert about a silent timer never ends by itself: report the fields',
    observe: async (_, functions) => {
      const { kinds, type, time } = await requireTick(functions);
      const isDate = typeof time === 'string' && !Number.isNaN(Date.parse(time));
      const holds = type === 'Timer' && kinds['TriggerName'] === 'string' && isDate;
      return {
        holds,
        seen: `fields: ${Object.keys(kinds).join(', ')}${isDate ? '' : '; Time is no instant'}`,
      };
    },
  },
  {
    id: 'caller-timer',
    assumption: 'a call of the timer may refresh, and may not read the token',
    reliedOnFor: 'R9: the timer is let in',
    ifNot: 'refreshAccessToken refuses its own timer: report the source that was seen',
    observe: async (_, functions) => {
      const { sight } = await requireTick(functions);
      return { holds: sight.mayRefresh && !sight.mayRead, seen: toldSource(sight) };
    },
  },
  {
    id: 'timer-retry',
    assumption: 'a run of the timer that fails is repeated, with the same Time',
    reliedOnFor: 'R7: a transient failure is tried again a minute later, not five',
    ifNot: 'a failed refresh waits for the next tick or a reader: nothing has to be done',
    observe: async (_, functions) => {
      await requireTick(functions);
      const isRepeated = await functions.isRepeated();
      return { holds: isRepeated, seen: isRepeated ? 'it was' : 'it was not, in two minutes' };
    },
  },
];

async function requireTick(functions: ProveFunctions): Promise<Tick> {
  const tick = await functions.firstTick();
  if (tick === null) throw new NotTried('no tick came');
  return tick;
}
