/** What the rules ask of a call: that it tells who it comes from (R9). */

import { callOf } from '../command/call.ts';
import type { Assumption } from './assumption.ts';
import { sightIn, sightOf, toldSource } from './functions.ts';

export const CALLERS: readonly Assumption[] = [
  {
    id: 'caller-function',
    assumption: 'a function that is called by another sees a source that ends with scf, and no OPENID',
    reliedOnFor: 'R9: other functions get the token',
    ifNot:
      'getAccessToken refuses every caller: name the source that was seen in TRUSTED_SOURCES, and report it',
    observe: async (_, functions) => {
      const sight = await sightOf(functions.invoke({ line: 'caller-function', act: 'pass-on' }));
      return { holds: sight.mayRead && !sight.hasOpenid, seen: toldSource(sight) };
    },
  },
  {
    id: 'caller-management',
    assumption: 'a call from the management side may refresh, and may not read the token',
    reliedOnFor: `R9: ${callOf('refresh')}, and the proof at the end of ${callOf('deploy')}`,
    ifNot: `${callOf('deploy')} stops at its proof, or lets more in than it should: report the source that was seen`,
    observe: async (_, functions) => {
      const sight = await sightOf(functions.invoke({ line: 'caller-management', act: 'look' }));
      return { holds: sight.mayRefresh && !sight.mayRead, seen: toldSource(sight) };
    },
  },
  {
    id: 'client-refused',
    assumption:
      'a call by somebody without rights is refused, by the platform or by what it tells of the caller',
    reliedOnFor: 'R9: no client gets a token',
    ifNot: 'clients may get the token: do not deploy here, and report it',
    observe: async (_, functions) => {
      const outcome = await functions.visit({ line: 'client-refused', act: 'look' });
      if ('refused' in outcome) return { holds: true, seen: `refused by the platform (${outcome.refused})` };
      const holds = !outcome.mayRead && !outcome.mayRefresh;
      return { holds, seen: `it arrived at the function; ${toldSource(outcome)}` };
    },
  },
  {
    id: 'context-per-call',
    assumption: 'the context of a call in a warm instance tells of this call, and not of one before it',
    reliedOnFor: 'R9: the caller is read from the context, never from process.env',
    ifNot: 'a call may pass for another one: do not deploy here, and report it',
    observe: async (_, functions) => {
      const line = 'context-per-call';
      const passed = await sightOf(functions.invoke({ line, act: 'pass-on' }));
      const direct = await sightIn(passed.instance, line, functions);
      return {
        holds: passed.source !== direct.source && !direct.mayRead,
        seen: `called by a function, ${toldSource(passed)}; then directly, ${toldSource(direct)}`,
      };
    },
  },
];
