/** The call that shows that a deployment works: the first refresh. */

import { ACTIONS, lifeIn } from '../place/texts/replies.ts';
import { phrases, pick } from '../command/language.ts';
import { callOf, respell } from '../command/call.ts';
import type { RefreshReply } from '../../functions/refreshAccessToken/index.ts';
import type { TickReply } from '../../functions/refreshAccessToken/reply.ts';
import type { Environment } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';

export type Called = Pick<Environment, 'invoke' | 'names'>;

/** How each app stands, in words; throws when any has no fresh token. */
export async function makeFirstRefresh({ invoke, names: functions }: Called): Promise<string> {
  const called = await invoke(functions.refresh, {});
  if ('failure' in called) throw refreshFailed(functions.refresh, called.failure);
  const { errcode, errmsg, results: tokens, tickets = [] } = (called.result ?? {}) as Partial<RefreshReply>;
  if (errcode !== 0 || !Array.isArray(tokens))
    throw refreshRefused(functions.refresh, `${String(errcode)} ${respell(String(errmsg))}`);
  const results = [...tokens, ...tickets];
  const failed = results.filter((result) => result.errcode !== 0);
  if (failed.length > 0)
    throw nothingFetched(failed.some((one) => tokens.includes(one)) ? 'token' : 'ticket', failed);
  return phrases(results.map(describe));
}

function refreshFailed(name: string, failure: string): PlatformError {
  const why = respell(failure.slice(0, 300));
  return new PlatformError(pick({ en: `${name} failed: ${why}`, zh: `${name} 执行失败：${why}` }), {
    code: 'REFRESH_FAILED',
    cure: pick({
      en: `the next tick and the next caller try again; ${callOf('doctor')} tells more`,
      zh: `下一次触发和下一次调用都会重试；${callOf('doctor')} 有更详细的说明`,
    }),
  });
}

function refreshRefused(name: string, answer: string): PlatformError {
  return new PlatformError(pick({ en: `${name} answered ${answer}`, zh: `${name} 返回 ${answer}` }), {
    code: 'REFRESH_REFUSED',
    cure: pick({
      en: `cure what it names, then run ${callOf('deploy')} again`,
      zh: `请按它所说的处理，再执行 ${callOf('deploy')}`,
    }),
  });
}

function nothingFetched(what: 'token' | 'ticket', failed: readonly TickReply[]): PlatformError {
  const causes = failed.map(
    ({ appid, errcode, errmsg }) => `${appid}${pick({ en: ': ', zh: '：' })}${errcode} ${respell(errmsg)}`,
  );
  return new PlatformError(
    pick({ en: `no ${what} for ${phrases(causes)}`, zh: `没能获取 ${what}：${phrases(causes)}` }),
    {
      code: 'REFRESH_REFUSED',
      cure: pick({
        en: `correct the variables and run ${callOf('deploy')} again; ${callOf('doctor')} tells more`,
        zh: `请改正环境变量，再执行 ${callOf('deploy')}；${callOf('doctor')} 有更详细的说明`,
      }),
    },
  );
}

function describe({ appid, action, expires_in: expiresIn, refresh_in: refreshIn }: TickReply): string {
  return `${appid} ${[pick(ACTIONS)[action], lifeIn(expiresIn, refreshIn)].join(pick({ en: ', ', zh: '，' }))}`;
}
