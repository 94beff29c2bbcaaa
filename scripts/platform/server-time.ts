/** The time as Tencent's API tells it in the Date header of any answer. */

import { requestHttpsOnce } from './https.ts';

const ADDRESS = 'https://tcb.tencentcloudapi.com/';
const PATIENCE_MS = 5_000;

/** Null when it can't be had: a look at the clock is never worth a failure. */
export async function readServerTime(now: () => number): Promise<number | null> {
  const beganAtMs = now();
  const options = { method: 'HEAD', patienceMs: PATIENCE_MS, mostBytes: 0 } as const;
  const answer = await requestHttpsOnce(ADDRESS, options).catch(() => null);
  const dateMs = Date.parse(answer?.headers.date ?? '');
  // The server's clock as of the middle of the exchange, moved to now.
  return Number.isNaN(dateMs) ? null : dateMs + (now() - beganAtMs) / 2;
}
