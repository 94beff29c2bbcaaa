/** Ticks from outside need a server key that may tick; without one nothing refreshes but the readers. */

import { pick } from '../../command/language.ts';
import { callOf } from '../../command/call.ts';
import { PlatformError } from '../../platform/errors.ts';
import { readLiveServers } from '../outside/servers.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';

/** Only told: whoever ticks is out of reach from here. */
export function ticksStep({ environment }: Pick<Site, 'environment'>): Step {
  let goal = '';
  return {
    title: 'ticks from outside',
    isOptional: true,
    get goal() {
      return goal;
    },
    async differences() {
      const tickers = (await readLiveServers(environment)).filter(({ mayTick }) => mayTick === true);
      goal = pick({
        en: `${tickers.map(({ name }) => name).join(', ')} may tick`,
        zh: `${tickers.map(({ name }) => name).join('、')} 可以触发`,
      });
      if (tickers.length > 0) return [];
      throw new PlatformError(
        pick({
          en: 'TICKS=outside, and no server key may tick: readers alone keep the tokens alive',
          zh: '设置了 TICKS=outside，但没有可以触发的服务器密钥：token 只在有调用时刷新',
        }),
        {
          code: 'NO_TICKER',
          cure: pick({
            en: `${callOf('server-key', 'add NAME --ticks')}, then ${callOf('deploy')}`,
            zh: `请先执行 ${callOf('server-key', 'add NAME --ticks')}，再执行 ${callOf('deploy')}`,
          }),
        },
      );
    },
    apply: () => Promise.resolve(),
  };
}
