/** Asks WeChat, or the sandbox, by the adapters of the functions themselves; no token leaves this file but to be tried. */

import { setTimeout as sleep } from 'node:timers/promises';
import { pick } from '../command/language.ts';
import { createMint } from '../../functions/_shared/wechat/mint.ts';
import { createProbe } from '../../functions/_shared/wechat/probe.ts';
import { send } from '../../functions/_shared/wechat/send.ts';
import type { TokenApi } from '../../functions/_shared/token/record.ts';
import { NotTried } from './not-tried.ts';

export interface ProveWeChat {
  /** A new token of the classic endpoint. */
  mint(): Promise<string>;
  stable(): Promise<{ token: string; lifeMs: number }>;
  /** Asks the classic endpoint with a wrong secret: the errcode. */
  askWrongly(): Promise<number>;
  isAlive(token: string): Promise<boolean>;
  /** `why`: is shown where it takes real time. */
  wait(durationMs: number, why: string): Promise<void>;
}

export interface AskedWeChat {
  appid: string;
  secret: string;
  baseUrls: readonly string[];
  now(): number;
  wait: ProveWeChat['wait'];
}

/** WeChat's own bound for a test account is 200 a day; these are few enough for any. */
export const MOST_MINTS = 10;

export function askWeChat({ appid, secret, baseUrls, now, wait }: AskedWeChat): ProveWeChat {
  let asked = 0;
  const probe = createProbe({ baseUrls, send, now });
  const ask = async (api: TokenApi, withSecret = secret) => {
    const mint = createMint({
      appid,
      api,
      baseUrls,
      send,
      now,
      secret: withSecret,
      random: Math.random,
      sleep: (durationMs) => sleep(durationMs),
    });
    const outcome = await mint();
    if (outcome.kind === 'unknown')
      throw new NotTried(pick({ en: 'WeChat did not answer', zh: '微信没有应答' }));
    return outcome;
  };
  const token = async (api: TokenApi) => {
    if (asked >= MOST_MINTS)
      throw new NotTried(
        pick({ en: `${MOST_MINTS} tokens have been asked for`, zh: `已获取 ${MOST_MINTS} 个 token` }),
      );
    const outcome = await ask(api);
    if (outcome.kind === 'refused')
      throw new NotTried(
        pick({
          en: `WeChat refused (${outcome.failure.errcode})`,
          zh: `微信拒绝（${outcome.failure.errcode}）`,
        }),
      );
    return outcome.token;
  };
  let repeated = '';
  return {
    async mint() {
      const { value } = await token('token');
      asked += 1;
      return value;
    },
    async stable() {
      const { value, expiresAtMs } = await token('stable');
      if (value !== repeated) asked += 1;
      repeated = value;
      return { token: value, lifeMs: expiresAtMs - now() };
    },
    async askWrongly() {
      const outcome = await ask('token', `${secret.slice(1)}${secret.startsWith('0') ? '1' : '0'}`);
      return outcome.kind === 'refused' ? outcome.failure.errcode : 0;
    },
    async isAlive(value) {
      const outcome = await probe(value);
      if (outcome === 'unknown')
        throw new NotTried(
          pick({ en: 'WeChat did not say whether a token is valid', zh: '微信没有说明 token 是否有效' }),
        );
      return outcome === 'accepted';
    },
    wait,
  };
}
