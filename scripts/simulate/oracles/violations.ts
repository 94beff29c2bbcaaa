/** Collects the broken rules of one app: how often each, and the first time with what led to it. */

import type { Trace } from '../trace.ts';

export interface Violation {
  rule: string;
  atMs: number;
  text: string;
  trace: string[];
}

export type Violate = (rule: string, text: string) => void;

export interface Violations {
  violate: Violate;
  /** The first of each rule, with what led to it. */
  firsts(): readonly Violation[];
  /** How often each rule was broken. */
  counts(): Readonly<Record<string, number>>;
}

const TRACE_LINES = 40;
const MOST_MENTIONS = 3;

export function createViolations(now: () => number, trace: Trace): Violations {
  const first = new Map<string, Violation>();
  const counts: Record<string, number> = {};
  return {
    violate(rule, text) {
      counts[rule] = (counts[rule] ?? 0) + 1;
      // A rule that is broken often would push its own cause out of the trace.
      if (counts[rule] <= MOST_MENTIONS) trace.add(`!!! ${rule}: ${text}`);
      if (!first.has(rule)) first.set(rule, { rule, atMs: now(), text, trace: trace.latest(TRACE_LINES) });
    },
    firsts: () => [...first.values()],
    counts: () => counts,
  };
}
