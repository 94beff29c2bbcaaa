/** Two calls that show that it works: the first refresh, and a management call that must not get a token. */

import { ACTIONS, lifeIn } from '../place/texts/replies.ts';
import { phrases, pick } from '../command/language.ts';
import { callOf, respell } from '../command/call.ts';
import type { RefreshReply } from '../../functions/refreshAccessToken/index.ts';
import type { TickReply } from '../../functions/refreshAccessToken/reply.ts';
import type { Environment } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';

type Called = Pick<Environment, 'invoke' | 'names'>;

/** How each app stands, in words; throws when any has no fresh token. */
export async function firstRefresh({ invoke, names: functions }: Called): Promise<string> {
  const called = await invoke(functions.refresh, {});
  if ('failure' in called) {
    throw new PlatformError(
      pick({
        en: `${functions.refresh} failed: ${respell(called.failure.slice(0, 300))}`,
        zh: `${functions.refresh} 执行失败：${respell(called.failure.slice(0, 300))}`,
      }),
      {
        code: 'REFRESH_FAILED',
        cure: pick({
          en: `the next tick and the next caller try again; ${callOf('doctor')} tells more`,
          zh: `下一次触发和下一次调用都会重试；${callOf('doctor')} 有更详细的说明`,
        }),
      },
    );
  }
  const { errcode, errmsg, results: tokens, tickets = [] } = (called.result ?? {}) as Partial<RefreshReply>;
  if (errcode !== 0 || !Array.isArray(tokens)) {
    throw new PlatformError(
      pick({
        en: `${functions.refresh} answered ${String(errcode)} ${respell(String(errmsg))}`,
        zh: `${functions.refresh} 返回 ${String(errcode)} ${respell(String(errmsg))}`,
      }),
      {
        code: 'REFRESH_REFUSED',
        cure: pick({
          en: `cure what it names, then run ${callOf('deploy')} again`,
          zh: `请按它所说的处理，再执行 ${callOf('deploy')}`,
        }),
      },
    );
  }
  const results = [...tokens, ...tickets];
  const failed = results.filter((result) => result.errcode !== 0);
  if (failed.length > 0) {
    const causes = failed.map(
      (result) => `${result.appid}${pick({ en: ': ', zh: '：' })}${result.errcode} ${respell(result.errmsg)}`,
    );
    const what = failed.some((one) => tokens.includes(one)) ? 'token' : 'ticket';
    throw new PlatformError(
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
  return phrases(results.map(describe));
}

/** Of the functions that hand something out. */
export async function provenGuard(
  { invoke, names }: Called,
  guarded: readonly string[] = [names.get],
): Promise<string> {
  for (const name of guarded) await requireRefused(invoke, name);
  const calls = guarded.length === 1 ? 'a call' : 'calls';
  return pick({
    en: `${calls} of ${guarded.join(' and ')} from outside ${guarded.length === 1 ? 'is' : 'are'} refused (403)`,
    zh: `从外部调用 ${guarded.join('、')} 会被拒绝（403）`,
  });
}

/** The answer may be a token, if all goes wrong: nothing of it is told but a number. */
async function requireRefused(invoke: Called['invoke'], get: string): Promise<void> {
  const called = await invoke(get, {});
  const errcode = 'result' in called ? (called.result as { errcode?: unknown } | null)?.errcode : undefined;
  if (errcode === 403) return;
  if (errcode === 0) {
    throw new PlatformError(
      pick({
        en: `${get} gave a token to a call that is no cloud function`,
        zh: `${get} 把 token 返回给了云函数以外的调用方`,
      }),
      {
        code: 'GUARD_OPEN',
        cure: pick({
          en: `remove what is too wide from TRUSTED_SOURCES, run ${callOf('deploy')} again, and refresh the token (${callOf('refresh', '--leaked')})`,
          zh: `请从 TRUSTED_SOURCES 去掉范围过大的来源，再执行 ${callOf('deploy')}，并刷新 token（${callOf('refresh', '--leaked')}）`,
        }),
      },
    );
  }
  const seen =
    typeof errcode === 'number'
      ? pick({ en: `answered ${errcode}`, zh: `返回 ${errcode}` })
      : pick({ en: 'failed', zh: '执行失败' });
  throw new PlatformError(
    pick({
      en: `${get} ${seen} where it should have refused with 403`,
      zh: `${get} ${seen}，本应返回 403 拒绝`,
    }),
    {
      code: 'GUARD_UNPROVEN',
      cure: pick({
        en: `see its log in the console, then run ${callOf('deploy')} again`,
        zh: `请在控制台查看它的日志，再执行 ${callOf('deploy')}`,
      }),
    },
  );
}

function describe({ appid, action, expires_in: expiresIn, refresh_in: refreshIn }: TickReply): string {
  return `${appid} ${[pick(ACTIONS)[action], lifeIn(expiresIn, refreshIn)].join(pick({ en: ', ', zh: '，' }))}`;
}
