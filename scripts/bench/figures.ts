/** Medians, spreads and units, as the tables show them. */

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** `3` if all are the same, else `3 [2 … 5]`: median, least and most. */
export function spread(values: readonly number[], show: (value: number) => string = String): string {
  const [least, most] = [Math.min(...values), Math.max(...values)].map(show);
  const middle = show(median(values));
  return least === most ? middle : `${middle} [${least} … ${most}]`;
}

/** From nanoseconds, in the unit that reads best. */
export function time(ns: number): string {
  if (ns < 1_000) return `${digits(ns)} ns`;
  if (ns < 1_000_000) return `${digits(ns / 1_000)} µs`;
  return ms(ns / 1_000_000);
}

export function ms(value: number): string {
  return value < 10_000 ? `${digits(value)} ms` : `${digits(value / 1_000)} s`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function kB(bytes: number): string {
  return `${count(bytes / 1_000)} kB`;
}

function digits(value: number): string {
  if (value >= 100) return count(value);
  return value.toFixed(value >= 10 ? 1 : 2);
}
