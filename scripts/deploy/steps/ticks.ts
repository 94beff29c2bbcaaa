/** Ticks from outside need a server key that may tick; without one nothing refreshes but the readers. */

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
      goal = `${tickers.map(({ name }) => name).join(', ')} may tick`;
      if (tickers.length > 0) return [];
      throw new PlatformError(
        'TICKS=outside, and no server key may tick: readers alone keep the tokens alive',
        {
          code: 'NO_TICKER',
          cure: `${callOf('server-key', 'add NAME --ticks')}, then ${callOf('deploy')}`,
        },
      );
    },
    apply: () => Promise.resolve(),
  };
}
