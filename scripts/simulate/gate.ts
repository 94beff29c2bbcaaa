/** Every call from an instance to the world goes through here, where the instance may be killed or frozen. */

import type { Dice } from './dice.ts';
import type { Timeline } from './timeline.ts';

type Crossing = 'read' | 'write' | 'send' | 'probe' | 'sleep';

export interface Gate {
  /** Makes the call. Never settles once the instance is dead. */
  through<T>(crossing: Crossing, call: () => Promise<T>): Promise<T>;
  isDead(): boolean;
  isFrozen(): boolean;
  kill(): void;
}

/** Reads, probes and sleeps are a thousand times more frequent than mints, and far less delicate. */
const SCALE: Record<Crossing, number> = { read: 0.01, write: 1, send: 1, probe: 0.01, sleep: 0.05 };

const SECOND_MS = 1_000;
const LONGEST_FREEZE_MS = 3 * 3_600_000;

export interface GateOptions {
  timeline: Timeline;
  dice: Dice;
  tell(text: string): void;
  /** Called once, when the instance is dead. */
  onDeath(): void;
}

export function createGate({ timeline, dice, tell, onDeath }: GateOptions): Gate {
  let isDead = false;
  let thawsAtMs = 0;

  function kill(): void {
    if (isDead) return;
    isDead = true;
    onDeath();
  }

  function suffer(crossing: Crossing, when: string): void {
    if (isDead) return;
    if (dice.strikes('instance-death', SCALE[crossing])) {
      tell(`dies ${when} a ${crossing}`);
      kill();
    } else if (dice.strikes('instance-freeze', SCALE[crossing])) {
      const forMs = dice.spread('instance-freeze', SECOND_MS, LONGEST_FREEZE_MS);
      thawsAtMs = Math.max(thawsAtMs, timeline.now() + forMs);
      tell(`freezes ${when} a ${crossing} for ${Math.round(forMs / SECOND_MS)} s`);
    }
  }

  const isFrozen = (): boolean => timeline.now() < thawsAtMs;

  /** A dead instance's promises are never settled: nothing holds them, and they are collected. */
  async function pass(): Promise<void> {
    if (isFrozen() && !isDead) await thaw();
    if (isDead) await new Promise<never>(() => {});
  }

  async function thaw(): Promise<void> {
    while (isFrozen()) await timeline.sleep(thawsAtMs - timeline.now());
    if (isDead) return;
    dice.note('instance-freeze');
    tell('thaws');
  }

  return {
    async through(crossing, call) {
      suffer(crossing, 'before');
      await pass();
      try {
        // What was sent is carried out even if the instance is dead by then.
        return await call();
      } finally {
        suffer(crossing, 'after');
        await pass();
      }
    },
    isDead: () => isDead,
    isFrozen,
    kill,
  };
}
