/** How long WeChat’s tokens live, which takes minutes to see. */

import { phrases, pick } from '../../command/language.ts';
import type { Assumption } from '../assumption.ts';
import { NotTried } from '../not-tried.ts';
import type { ProveWeChat } from '../ask-wechat.ts';

const MINUTE_MS = 60_000;
/** What rests on them is a minute less, so a few seconds say nothing. */
const MARGIN_MS = 10_000;
const GRACE_MS = 5 * MINUTE_MS;

export function assumeTwoGenerations({ mint, isAlive, wait }: ProveWeChat): Assumption {
  return {
    id: 'wechat-two-generations',
    assumption: {
      en: 'a new token leaves the one before it alive for 300 s, and ends the one before that at once',
      zh: '新的 token 签发后，前一个还有效 300 秒，再前一个立即作废',
    },
    reliedOnFor: {
      en: 'R3: 240 s of assured life after a mint that may have happened, and no second mint within',
      zh: 'R3：可能签发过新 token 之后，旧的还保证 240 秒有效，在此期间不再获取',
    },
    ifNot: {
      en: 'callers may hold a dead token after a refresh: do not deploy, and report what was seen',
      zh: '刷新之后调用方手里的 token 可能已失效：请不要部署，并把看到的内容写进 issue',
    },
    async observe() {
      const first = await mint();
      const second = await mint();
      await mint();
      const isFirstEnded = !(await isAlive(first));
      const atOnce = await isAlive(second);
      await wait(
        GRACE_MS - MARGIN_MS,
        pick({
          en: 'whether a token lives on for five minutes beside a newer one',
          zh: '有了更新的 token 之后，旧的能否再用五分钟',
        }),
      );
      const toTheEnd = await isAlive(second);
      return {
        holds: isFirstEnded && atOnce && toTheEnd,
        seen: describeLives(isFirstEnded, atOnce, toTheEnd),
      };
    },
  };
}

export function assumeStableRepeats({ stable, wait }: ProveWeChat): Assumption {
  return {
    id: 'wechat-stable-repeats',
    assumption: {
      en: 'the stable endpoint answers the same token until 300 s before its end, and then another',
      zh: '剩余时间超过 300 秒时，稳定版接口返回同一个 token，之后返回新的',
    },
    reliedOnFor: {
      en: 'R1 and R5 in stable mode: a refresh with 300 s left brings a new token, and none before does',
      zh: 'stable 模式的 R1 和 R5：剩余 300 秒时刷新会得到新的 token，更早则不会',
    },
    ifNot: {
      en: 'in stable mode tokens are replaced too late or too often: use WX_TOKEN_API=token, and report it',
      zh: 'stable 模式下 token 会换得太晚或太频繁：请使用 WX_TOKEN_API=token，并提 issue',
    },
    async observe() {
      const { token, lifeMs } = await stable();
      const why = pick({
        en: 'whether stable repeats its token until 300 s before the end',
        zh: '剩余时间超过 300 秒时，稳定版接口是否返回同一个 token',
      });
      await wait(Math.max(0, lifeMs - GRACE_MS - MARGIN_MS), why);
      const early = await stable();
      if (early.token === token && early.lifeMs < GRACE_MS)
        throw new NotTried(pick({ en: 'it was asked too late', zh: '请求得太晚' }));
      await wait(2 * MARGIN_MS, why);
      const late = await stable();
      const isRepeated = early.token === token;
      const isReplaced = late.token !== early.token;
      return {
        holds: isRepeated && isReplaced,
        seen: describeRepetition(early.lifeMs, isRepeated, isReplaced),
      };
    },
  };
}

function describeLives(isFirstEnded: boolean, atOnce: boolean, toTheEnd: boolean): string {
  return phrases([
    pick({
      en: `the first of three ${isFirstEnded ? 'ended' : 'lived on'}`,
      zh: `三个中的第一个${isFirstEnded ? '已作废' : '仍有效'}`,
    }),
    pick({
      en: `the second ${atOnce ? 'lived' : 'was dead'}, and ${toTheEnd ? 'lived' : 'was dead'} after 290 s`,
      zh: `第二个${atOnce ? '有效' : '已失效'}，290 秒后${toTheEnd ? '仍有效' : '已失效'}`,
    }),
  ]);
}

function describeRepetition(lifeLeftMs: number, isRepeated: boolean, isReplaced: boolean): string {
  const seconds = Math.round(lifeLeftMs / 1000);
  return pick({
    en: `with ${seconds} s left ${isRepeated ? 'the same' : 'another'}; 20 s later ${isReplaced ? 'another' : 'the same'}`,
    zh: `剩余 ${seconds} 秒时${isRepeated ? '相同' : '不同'}；20 秒后${isReplaced ? '不同' : '相同'}`,
  });
}
