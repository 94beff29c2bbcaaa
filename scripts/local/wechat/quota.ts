/** Counters that begin again with the minute, the day and the month; days and months turn at 00:00 UTC+8. */

export interface Counter {
  used(nowMs: number): number;
  set(used: number, nowMs: number): void;
  add(nowMs: number): void;
}

export interface Quotas {
  legacyDay: Counter;
  stableMinute: Counter;
  stableDay: Counter;
  forceDay: Counter;
  clearMonth: Counter;
  ticketDay: Counter;
}

export function createQuotas(): Quotas {
  return {
    legacyDay: createCounter(dayOf),
    stableMinute: createCounter(minuteOf),
    stableDay: createCounter(dayOf),
    forceDay: createCounter(dayOf),
    clearMonth: createCounter(monthOf),
    ticketDay: createCounter(dayOf),
  };
}

/** Own decision: WeChat names neither the hour nor the zone in which its days turn; Chinese midnight is the obvious one. */
const ZONE_MS = 8 * 3_600_000;

export function createCounter(windowOf: (nowMs: number) => number): Counter {
  let window = Number.NaN;
  let count = 0;
  function enter(nowMs: number): void {
    const entered = windowOf(nowMs);
    if (entered === window) return;
    window = entered;
    count = 0;
  }
  return {
    used(nowMs) {
      enter(nowMs);
      return count;
    },
    set(used, nowMs) {
      enter(nowMs);
      count = used;
    },
    add(nowMs) {
      enter(nowMs);
      count += 1;
    },
  };
}

function minuteOf(nowMs: number): number {
  return Math.floor(nowMs / 60_000);
}

export function dayOf(nowMs: number): number {
  return Math.floor((nowMs + ZONE_MS) / 86_400_000);
}

function monthOf(nowMs: number): number {
  const local = new Date(nowMs + ZONE_MS);
  return local.getUTCFullYear() * 12 + local.getUTCMonth();
}
