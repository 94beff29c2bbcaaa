/** Decides when a fault strikes, and remembers it, so that a failed request can be held against a well world. */

import { FAULTS } from './faults.ts';
import type { Fault, FaultName } from './faults.ts';
import type { Streams } from './random.ts';

export interface Dice {
  /** Does the fault strike at this occasion? `scale` makes it rarer or more frequent than the table says. */
  strikes(name: FaultName, scale?: number): boolean;
  /** The fault makes itself felt now, and for as long as it lasts. */
  note(name: FaultName, lastingMs?: number): void;
  /** How often a fault that is counted per day comes today. */
  timesToday(name: FaultName): number;
  between(name: FaultName, leastMs: number, mostMs: number): number;
  /** Between the two, each order of magnitude as likely as the next: many short ones, few long ones. */
  spread(name: FaultName, leastMs: number, mostMs: number): number;
  pick<T>(name: FaultName, list: readonly T[]): T;
  /** The fault that may explain an unanswered request at this instant; null when the world has been well. */
  explanation(): FaultName | null;
  struck(): Readonly<Partial<Record<FaultName, number>>>;
}

export function createDice(faults: readonly FaultName[], streams: Streams, now: () => number): Dice {
  const table: Record<FaultName, Fault> = FAULTS;
  const enabled = new Map(faults.map((name) => [name, streams.of(name)]));
  const counts: Partial<Record<FaultName, number>> = {};
  const feltUntilAtMs = new Map<FaultName, number>();

  const draw = (name: FaultName): number => enabled.get(name)?.() ?? 0;

  function note(name: FaultName, lastingMs = 0): void {
    const { aftermathMs } = table[name];
    counts[name] = (counts[name] ?? 0) + 1;
    const untilAtMs = now() + lastingMs + aftermathMs;
    if (aftermathMs > 0) feltUntilAtMs.set(name, Math.max(feltUntilAtMs.get(name) ?? 0, untilAtMs));
  }

  return {
    note,
    strikes(name, scale = 1) {
      const random = enabled.get(name);
      if (random === undefined || random() >= table[name].rate * scale) return false;
      note(name);
      return true;
    },
    timesToday(name) {
      const random = enabled.get(name);
      const { rate } = table[name];
      return random === undefined ? 0 : Math.floor(rate) + (random() < rate % 1 ? 1 : 0);
    },
    between: (name, leastMs, mostMs) => Math.floor(leastMs + draw(name) * (mostMs - leastMs)),
    spread: (name, leastMs, mostMs) => Math.floor(leastMs * (mostMs / leastMs) ** draw(name)),
    pick: (name, list) => list[Math.floor(draw(name) * list.length)]!,
    explanation() {
      for (const [name, untilAtMs] of feltUntilAtMs) if (now() < untilAtMs) return name;
      return null;
    },
    struck: () => counts,
  };
}
