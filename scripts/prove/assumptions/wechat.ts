/** What WeChat's documents don't say and docs/reliability.md assumes: nine mints, and none but for a question. */

import { names, pick } from '../../command/language.ts';
import type { Assumption } from '../assumption.ts';
import type { ProveWeChat } from '../ask-wechat.ts';
import { assumeStableRepeats, assumeTwoGenerations } from './wechat-life.ts';

/** In this order: the waits come last. */
export function wechatAssumptions(wechat: ProveWeChat): readonly Assumption[] {
  return [
    assumeRefusalIssuesNothing(wechat),
    assumeApart(wechat),
    assumeTwoGenerations(wechat),
    assumeStableRepeats(wechat),
  ];
}

function assumeRefusalIssuesNothing({ mint, askWrongly, isAlive }: ProveWeChat): Assumption {
  return {
    id: 'wechat-refused',
    assumption: { en: 'a request that WeChat refuses issues no token', zh: '微信拒绝的请求不会签发 token' },
    reliedOnFor: {
      en: 'R3: after a refusal the stored token is as good as before',
      zh: 'R3：被拒绝之后，库里的 token 与之前一样有效',
    },
    ifNot: {
      en: 'a refused refresh ends the stored token after five minutes: report it',
      zh: '刷新被拒绝会使库里的 token 在五分钟后失效：请提 issue',
    },
    async observe() {
      const before = await mint();
      const current = await mint();
      const errcode = await askWrongly();
      // Had it issued one, the token before the current one would be dead at once.
      const alive = await told({ before, current }, isAlive);
      return {
        holds: errcode !== 0 && alive.all,
        seen: pick({
          en: `errcode ${errcode}; afterwards ${alive.text}`,
          zh: `errcode ${errcode}；之后 ${alive.text}`,
        }),
      };
    },
  };
}

function assumeApart({ mint, stable, isAlive }: ProveWeChat): Assumption {
  return {
    id: 'wechat-apart',
    assumption: {
      en: 'tokens of the classic and of the stable endpoint do not end each other',
      zh: '普通接口和稳定版接口的 token 互不作废',
    },
    reliedOnFor: {
      en: 'another system that uses the other endpoint does no harm',
      zh: '其他系统使用另一个接口时没有影响',
    },
    ifNot: {
      en: 'all systems of an AppID must use one endpoint, and take the token from here: report it',
      zh: '同一 AppID 的所有系统必须使用同一个接口，并从这里获取 token：请提 issue',
    },
    async observe() {
      const { token } = await stable();
      // Two, because one alone would leave the token before it alive for five minutes.
      await mint();
      const classic = await mint();
      const alive = await told({ stable: token, classic }, isAlive);
      return { holds: alive.all && token !== classic, seen: alive.text };
    },
  };
}

async function told(
  tokens: Record<string, string>,
  isAlive: ProveWeChat['isAlive'],
): Promise<{ all: boolean; text: string }> {
  const looked: [string, boolean][] = [];
  for (const [name, token] of Object.entries(tokens)) looked.push([name, await isAlive(token)]);
  return {
    all: looked.every(([, alive]) => alive),
    text: names(
      looked.map(([name, alive]) =>
        pick({
          en: `${name} ${alive ? 'alive' : 'dead'}`,
          zh: `${name} ${alive ? '有效' : '已失效'}`,
        }),
      ),
    ),
  };
}
