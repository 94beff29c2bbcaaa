/** The part of an environment that all of the operator's commands need; see platform/environment.ts for the whole. */

import type { Environment } from '../platform/environment.ts';

export type Reach = Pick<Environment, 'kind' | 'envId' | 'names' | 'documents' | 'invoke' | 'close'>;

export interface Clock {
  /** Milliseconds since the epoch, as the functions' clock has them. */
  now(): number;
  sleep(durationMs: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
};
