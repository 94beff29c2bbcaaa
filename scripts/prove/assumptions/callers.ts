/** What the rules ask of a call: that it tells who it comes from (R9). */

import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import type { Assumption } from '../assumption.ts';
import { observeIn, observeCall, describeSource } from '../scratch-function.ts';

export const CALLERS: readonly Assumption[] = [
  {
    id: 'caller-function',
    assumption: {
      en: 'a function that is called by another sees a source that ends with scf, and no OPENID',
      zh: '云函数被另一个云函数调用时，看到的来源以 scf 结尾，没有 OPENID',
    },
    reliedOnFor: { en: 'R9: other functions get the token', zh: 'R9：其他云函数可以获取 token' },
    ifNot: {
      en: 'getAccessToken refuses every caller: name the source that was seen in TRUSTED_SOURCES, and report it',
      zh: 'getAccessToken 会拒绝所有调用方：请把看到的来源写进 TRUSTED_SOURCES，并提 issue',
    },
    observe: async (_, scratchFunction) => {
      const observed = await observeCall(scratchFunction.invoke({ line: 'caller-function', act: 'pass-on' }));
      return { holds: observed.mayRead && !observed.hasOpenid, seen: describeSource(observed) };
    },
  },
  {
    id: 'caller-management',
    assumption: {
      en: 'a call from the management side may refresh, and may not read the token',
      zh: '来自管理端的调用可以刷新，不能读 token',
    },
    reliedOnFor: {
      en: `R9: ${callOf('refresh')}, and the check at the end of ${callOf('deploy')}`,
      zh: `R9：${callOf('refresh')}，以及 ${callOf('deploy')} 最后的验证`,
    },
    ifNot: {
      en: `${callOf('deploy')} stops at its last check, or lets more in than it should: report the source that was seen`,
      zh: `${callOf('deploy')} 会停在验证这一步，或者放进不该放的调用：请在 issue 里写明看到的来源`,
    },
    observe: async (_, scratchFunction) => {
      const observed = await observeCall(
        scratchFunction.invoke({ line: 'caller-management', act: 'report' }),
      );
      return { holds: observed.mayRefresh && !observed.mayRead, seen: describeSource(observed) };
    },
  },
  {
    id: 'client-refused',
    assumption: {
      en: 'a call by somebody without rights is refused, by the platform or by what it tells of the caller',
      zh: '没有权限的调用会被拒绝，由平台拒绝，或者根据平台给出的来源拒绝',
    },
    reliedOnFor: { en: 'R9: no client gets a token', zh: 'R9：客户端得不到 token' },
    ifNot: {
      en: 'clients may get the token: do not deploy here, and report it',
      zh: '客户端可能得到 token：请不要在这里部署，并提 issue',
    },
    observe: async (_, scratchFunction) => {
      const outcome = await scratchFunction.visit({ line: 'client-refused', act: 'report' });
      if ('refused' in outcome)
        return {
          holds: true,
          seen: pick({
            en: `refused by the platform (${outcome.refused})`,
            zh: `被平台拒绝（${outcome.refused}）`,
          }),
        };
      const holds = !outcome.mayRead && !outcome.mayRefresh;
      return {
        holds,
        seen: pick({
          en: `it arrived at the function; ${describeSource(outcome)}`,
          zh: `到达了云函数；${describeSource(outcome)}`,
        }),
      };
    },
  },
  {
    id: 'context-per-call',
    assumption: {
      en: 'the context of a call in a warm instance tells of this call, and not of one before it',
      zh: '热实例中，每次调用的 context 属于本次调用',
    },
    reliedOnFor: {
      en: 'R9: the caller is read from the context, never from process.env',
      zh: 'R9：来源只从 context 读取，不读 process.env',
    },
    ifNot: {
      en: 'a call may pass for another one: do not deploy here, and report it',
      zh: '一次调用可能被当成另一次：请不要在这里部署，并提 issue',
    },
    observe: async (_, scratchFunction) => {
      const line = 'context-per-call';
      const passed = await observeCall(scratchFunction.invoke({ line, act: 'pass-on' }));
      const direct = await observeIn(passed.instance, line, scratchFunction);
      return {
        holds: passed.source !== direct.source && !direct.mayRead,
        seen: pick({
          en: `called by a function, ${describeSource(passed)}; then directly, ${describeSource(direct)}`,
          zh: `由云函数调用时，${describeSource(passed)}；直接调用时，${describeSource(direct)}`,
        }),
      };
    },
  },
];
