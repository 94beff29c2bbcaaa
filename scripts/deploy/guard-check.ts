/** The call that shows that a deployment is closed: one from the management side must not get a token. */

import { callOf } from '../command/call.ts';
import { pick } from '../command/language.ts';
import { PlatformError } from '../platform/errors.ts';
import type { Called } from './first-refresh.ts';

/** Of the functions that hand something out. */
export async function checkGuard(
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
async function requireRefused(invoke: Called['invoke'], name: string): Promise<void> {
  const called = await invoke(name, {});
  const errcode = 'result' in called ? (called.result as { errcode?: unknown } | null)?.errcode : undefined;
  if (errcode === 403) return;
  throw errcode === 0 ? guardOpen(name) : guardUnproven(name, errcode);
}

function guardOpen(name: string): PlatformError {
  return new PlatformError(
    pick({
      en: `${name} gave a token to a call that is no cloud function`,
      zh: `${name} 把 token 返回给了云函数以外的调用方`,
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

function guardUnproven(name: string, errcode: unknown): PlatformError {
  const seen =
    typeof errcode === 'number'
      ? pick({ en: `answered ${errcode}`, zh: `返回 ${errcode}` })
      : pick({ en: 'failed', zh: '执行失败' });
  return new PlatformError(
    pick({
      en: `${name} ${seen} where it should have refused with 403`,
      zh: `${name} ${seen}，本应返回 403 拒绝`,
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
