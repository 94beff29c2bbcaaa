/** What the function refreshAccessToken answers, read with care: it may be an older or a newer one than this checkout. */

import * as z from 'zod';
import { pick } from '../command/language.ts';
import { callOf, respell } from '../command/call.ts';
import type { Invocation } from '../platform/environment.ts';

const Result = z.object({
  appid: z.string(),
  action: z.string(),
  errcode: z.number(),
  errmsg: z.string(),
  refresh_in: z.number(),
});

const Reply = z.object({ errcode: z.number(), errmsg: z.string(), results: z.array(Result).default([]) });

/** `thrown`: some app's refresh failed for a passing reason. `unusable`: a retry can't help. */
export type Told =
  | { kind: 'told'; action: string; errcode: number; errmsg: string; refreshInMs: number }
  | { kind: 'thrown'; errmsg: string }
  | { kind: 'unusable'; errmsg: string };

export function readTold(invocation: Invocation, appid: string): Told {
  if ('failure' in invocation) return { kind: 'thrown', errmsg: respell(invocation.failure) };
  const reply = Reply.safeParse(invocation.result);
  if (!reply.success)
    return unusable(
      pick({
        en: `refreshAccessToken answered something else than expected: ${callOf('deploy')} brings it up to date`,
        zh: `refreshAccessToken 的返回内容不符合预期：请执行 ${callOf('deploy')} 更新`,
      }),
    );
  const { errcode, errmsg, results } = reply.data;
  if (errcode !== 0) return unusable(`${errcode} ${respell(errmsg)}`);
  const result = results.find((one) => one.appid === appid);
  if (result === undefined)
    return unusable(
      pick({
        en: `the deployed functions don't know ${appid}: check WX_APPID or WX_APPS and run ${callOf('deploy')}`,
        zh: `已部署的云函数里没有配置 ${appid}：请检查 WX_APPID 或 WX_APPS，再执行 ${callOf('deploy')}`,
      }),
    );
  return {
    kind: 'told',
    action: result.action,
    errcode: result.errcode,
    errmsg: respell(result.errmsg),
    refreshInMs: result.refresh_in * 1_000,
  };
}

function unusable(errmsg: string): Told {
  return { kind: 'unusable', errmsg };
}
