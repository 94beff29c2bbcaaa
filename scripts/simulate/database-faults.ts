/** How the database behaves at one call. */

import type { Dice } from './dice.ts';
import type { StoreFault } from './memory-collection.ts';
import type { Random } from './random.ts';
import type { Weather } from './world.ts';

/** One way to the database or back, in the same data centre. */
const LEAST_LATENCY_MS = 2;
const MOST_LATENCY_MS = 15;
/** Slow, but just within the adapter's timeout of 3 s for both ways. */
const MOST_SLOW_MS = 1_450;

export function storeLatencyMs(dice: Dice, weather: Weather, nowMs: number, random: Random): number {
  if (nowMs < weather.databaseSlowUntilAtMs) {
    return dice.between('database-slow', MOST_LATENCY_MS, MOST_SLOW_MS);
  }
  return Math.floor(LEAST_LATENCY_MS + random() * (MOST_LATENCY_MS - LEAST_LATENCY_MS));
}

export function pickStoreFault(dice: Dice, weather: Weather, nowMs: number, call: string): StoreFault {
  if (nowMs < weather.databaseDownUntilAtMs) {
    return dice.pick('database-down', ['lost', 'lost', 'lost', 'applied-but-lost', 'applied-late']);
  }
  if (call === 'get' || !dice.strikes('write-unanswered')) return 'none';
  return dice.pick('write-unanswered', ['applied-but-lost', 'applied-but-lost', 'applied-late']);
}
