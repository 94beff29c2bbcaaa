/** Times one call from inside an instance, with mitata's loop or call by call. */

import type { measure as Measure } from 'mitata';

export interface Stats {
  /** Nanoseconds. */
  p50: number;
  p99: number;
  samples: number;
}

/** mitata can't be bundled (it names Bun's modules): the benchmark says where it is. */
export async function timeLoop(call: () => Promise<unknown>, leastMs: number): Promise<Stats> {
  await call();
  const { measure } = (await import(process.env['MITATA_URL'] ?? '')) as { measure: typeof Measure };
  const { p50, p99, samples } = await measure(() => call(), { min_cpu_time: leastMs * 1e6 });
  return { p50, p99, samples: samples.length };
}

export async function timeCalls(call: () => Promise<unknown>, calls: number): Promise<Stats> {
  const WARM_UP = Math.ceil(calls / 10);
  const tookNs: number[] = [];
  for (let index = -WARM_UP; index < calls; index++) {
    const beganAtMs = performance.now();
    await call();
    if (index >= 0) tookNs.push((performance.now() - beganAtMs) * 1e6);
  }
  const sorted = tookNs.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p99: at(0.99), samples: sorted.length };
}
