/** What a run on a real environment works with. */

import type { HttpAnswer } from '../deploy/site.ts';
import type { Upload } from '../deploy/upload.ts';
import type { openDatabase } from '../platform/documents.ts';
import type { Environment } from '../platform/environment.ts';
import type { BuiltProbe } from './build-probe.ts';
import type { ScratchFunction } from './scratch-function.ts';

export interface CloudParts {
  environment: Environment;
  sdk: ReturnType<typeof openDatabase>;
  build(): Promise<BuiltProbe>;
  uploadFrom(codeRoot: string): Upload;
  /** A request from outside without any key. */
  request(method: 'GET' | 'POST', address: string): Promise<HttpAnswer>;
  serverTime(): Promise<number | null>;
  sleep(durationMs: number): Promise<void>;
  isTickAwaited: boolean;
  pace: Pace;
}

/** How long the lines wait for what they want to see. */
export interface Pace extends Pick<ScratchFunction, 'holdMs' | 'idleMs'> {
  /** Of the scratch function. */
  timeLimitS: number;
  /** For a tick, and then for its repetition. */
  tickPatienceMs: number;
  betweenLooksMs: number;
}

/**
 * Loading another instance counts in the time of the call that waits for it. The timer comes every minute, and a
 * failed run is repeated a minute later.
 */
export const CLOUD_PACE: Pace = {
  holdMs: 1_000,
  idleMs: 5_000,
  timeLimitS: 10,
  tickPatienceMs: 130_000,
  betweenLooksMs: 2_000,
};
