/** The instances of one function, as the platform keeps them: one call at a time each, idle ones ended after a while. */

import type { Instance } from './instance.ts';
import type { Timeline } from './timeline.ts';

/** `crashed`: the instance died under the call. `timeout`: the platform gave up on it. `full`: no instance was free. */
type PlatformFailure = 'crashed' | 'timeout' | 'full';

export interface Pool {
  /** Runs one call on a free instance, or on a new one. */
  invoke<T>(run: (instance: Instance) => Promise<T>): Promise<T | PlatformFailure>;
  /** Lets no instance of before take another call, as a deployment does. */
  recycle(): void;
}

export interface PoolOptions {
  timeline: Timeline;
  random: () => number;
  start(): Instance;
  mostInstances: number;
  idleMs: number;
  limitMs: number;
}

export function createPool({ timeline, random, start, mostInstances, idleMs, limitMs }: PoolOptions): Pool {
  let idle: { instance: Instance; sinceAtMs: number }[] = [];
  let generation = 0;
  let living = 0;

  /** Any of them, not the one used last: so that some serve from an old memory. */
  function takeIdle(): Instance | undefined {
    const stale = idle.filter(({ sinceAtMs }) => timeline.now() - sinceAtMs >= idleMs);
    if (stale.length > 0) {
      idle = idle.filter((entry) => !stale.includes(entry));
      for (const { instance } of stale) instance.gate.kill();
    }
    const index = Math.floor(random() * idle.length);
    return idle.splice(index, 1)[0]?.instance;
  }

  function startAnother(): Instance | undefined {
    if (living >= mostInstances) return undefined;
    living += 1;
    return start();
  }

  return {
    invoke(run) {
      const instance = takeIdle() ?? startAnother();
      if (instance === undefined) return Promise.resolve('full');
      const startedIn = generation;
      return new Promise((resolve) => {
        let isDone = false;
        const finish = (result: Parameters<typeof resolve>[0]): void => {
          if (isDone) return;
          isDone = true;
          resolve(result);
        };
        instance.whenDead = () => {
          living -= 1;
          finish('crashed');
        };
        timeline.at(timeline.now() + limitMs, () => {
          if (isDone) return;
          finish('timeout');
          // One that stands still can't be ended from outside: it goes on later, when nobody waits for it.
          if (!instance.gate.isFrozen()) instance.gate.kill();
        });
        const serve = async (): Promise<void> => {
          const result = await run(instance);
          const isStillWanted = !isDone && startedIn === generation;
          finish(result);
          if (isStillWanted) idle.push({ instance, sinceAtMs: timeline.now() });
          else instance.gate.kill();
        };
        void serve();
      });
    },
    recycle() {
      generation += 1;
      for (const { instance } of idle.splice(0)) instance.gate.kill();
    },
  };
}
