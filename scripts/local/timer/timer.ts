/**
 * Fires the timer triggers of cloudbaserc.json on the embedded cloud's clock. A tick never waits for the one before.
 * However far the clock jumps ahead, each trigger fires once for the jump: a flood of late ticks would say nothing
 * that one late tick doesn't.
 */

import type { FunctionDeclaration } from '../../build/declarations.ts';
import type { CloudClock } from '../clock.ts';
import { lintCron, nextAtMs } from './cron.ts';

export interface Trigger {
  functionName: string;
  name: string;
  /** Cron with 7 fields. */
  config: string;
}

/** What the function gets: the shape that SCF documents. */
export interface TimerEvent {
  Type: 'Timer';
  TriggerName: string;
  /** When the tick was due, not when it came. */
  Time: string;
  Message: string;
}

export interface TimerOptions {
  triggers: readonly Trigger[];
  clock: Pick<CloudClock, 'now'>;
  fire(trigger: Trigger, event: TimerEvent): Promise<unknown>;
  /** How late a moved clock is noticed at most, in real time. */
  pollMs?: number;
  log?: (line: string) => void;
}

export interface Timer {
  /** When the trigger fires next; undefined when never again. */
  nextAtMs(trigger: Trigger, afterMs: number): number | undefined;
  /** One tick out of turn; settles with what `fire` gives. */
  fireNow(name: string): Promise<unknown>;
  /** Fires what is due without waiting for the next poll; the number of triggers fired. */
  check(): number;
  /** Resolves when no tick is under way any more. */
  settled(): Promise<void>;
  stop(): void;
}

const DEFAULT_POLL_MS = 1000;

export function startTimer({ triggers, clock, fire, pollMs = DEFAULT_POLL_MS, log }: TimerOptions): Timer {
  for (const { config } of triggers) {
    const fault = lintCron(config);
    if (fault !== undefined) throw new Error(`timer trigger ${fault}`);
  }
  const schedule = triggers.map((trigger) => ({ trigger, dueAtMs: nextAtMs(trigger.config, clock.now()) }));
  const ticking = new Set<Promise<void>>();
  let poll: NodeJS.Timeout | undefined;
  wait();

  return {
    nextAtMs: ({ config }, afterMs) => nextAtMs(config, afterMs),
    async fireNow(name) {
      const trigger = triggers.find((candidate) => candidate.name === name);
      if (trigger === undefined) throw new Error(`there is no timer trigger named ${name}`);
      return fire(trigger, toEvent(trigger, clock.now()));
    },
    check,
    async settled() {
      while (ticking.size > 0) await Promise.all(ticking);
    },
    stop() {
      clearTimeout(poll);
      poll = undefined;
    },
  };

  function check(): number {
    const now = clock.now();
    let fired = 0;
    for (const entry of schedule) {
      const { trigger, dueAtMs } = entry;
      // Always from now: that leaves out what a jump skipped, and follows a clock that was moved back.
      entry.dueAtMs = nextAtMs(trigger.config, now);
      if (dueAtMs === undefined || dueAtMs > now) continue;
      fired += 1;
      const ticked = tick(trigger, dueAtMs).finally(() => ticking.delete(ticked));
      ticking.add(ticked);
    }
    return fired;
  }

  async function tick(trigger: Trigger, dueAtMs: number): Promise<void> {
    try {
      await fire(trigger, toEvent(trigger, dueAtMs));
    } catch (error) {
      log?.(`timer ${trigger.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  function wait(): void {
    const now = clock.now();
    const distances = schedule.map(({ dueAtMs }) => (dueAtMs === undefined ? pollMs : dueAtMs - now));
    const delayMs = Math.max(1, Math.min(pollMs, ...distances));
    poll = setTimeout(() => {
      check();
      // A `fire` may have stopped the timer.
      if (poll !== undefined) wait();
    }, delayMs);
  }
}

/** The triggers of all functions, in the order of cloudbaserc.json. */
export function triggersOf(functions: readonly Pick<FunctionDeclaration, 'name' | 'triggers'>[]): Trigger[] {
  return functions.flatMap(({ name: functionName, triggers }) =>
    triggers.map(({ name, config }) => ({ functionName, name, config })),
  );
}

function toEvent({ name }: Trigger, dueAtMs: number): TimerEvent {
  const time = new Date(Math.floor(dueAtMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  return { Type: 'Timer', TriggerName: name, Time: time, Message: '' };
}
