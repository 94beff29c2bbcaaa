/** One day at a time, cut into quarters of an hour, and the worst of them kept for the picture. */

export const SLOTS = 96;
const SLOT_MS = 15 * 60_000;

const COUNTED = ['mints', 'dead', 'avoidable', 'unanswered'] as const;
type Counted = (typeof COUNTED)[number];
export type Sampled = 'token' | 'wechat' | 'database' | 'timer';

export interface Day {
  startAtMs: number;
  counts: Record<Counted, number>;
  perSlot: Record<Counted, number[]>;
  /** A character for each slot; a space where nothing happened. */
  samples: Record<Sampled, string[]>;
}

export function createDays(firstAtMs: number) {
  let day = emptyDay(firstAtMs);
  let worst: Day | null = null;
  const slotOf = (atMs: number): number =>
    Math.max(0, Math.min(SLOTS - 1, Math.floor((atMs - day.startAtMs) / SLOT_MS)));

  return {
    current: () => day,
    worst: () => worst,
    add(atMs: number, what: Counted): void {
      day.counts[what] += 1;
      day.perSlot[what][slotOf(atMs)]! += 1;
    },
    sample(atMs: number, row: Sampled, mark: string): void {
      // Within a slot the first fault stays visible.
      const marks = day.samples[row];
      const slot = slotOf(atMs);
      if (marks[slot] === ' ') marks[slot] = mark;
    },
    close(): void {
      if (worst === null || badness(day) > badness(worst)) worst = day;
      day = emptyDay(day.startAtMs + SLOTS * SLOT_MS);
    },
  };
}

function badness({ counts }: Day): number {
  return counts.avoidable * 1e6 + counts.unanswered + counts.dead * 3 + counts.mints / 100;
}

function emptyDay(startAtMs: number): Day {
  const slots = <T>(value: T): T[] => Array.from({ length: SLOTS }, () => value);
  return {
    startAtMs,
    counts: { mints: 0, dead: 0, avoidable: 0, unanswered: 0 },
    perSlot: { mints: slots(0), dead: slots(0), avoidable: slots(0), unanswered: slots(0) },
    samples: { token: slots(' '), wechat: slots(' '), database: slots(' '), timer: slots(' ') },
  };
}
