/** What can happen to a process from outside, at each of its awaits: it dies, or it is frozen and thawed later. */

export interface Gate {
  /** One await of the process: the call leaves it, and its answer comes back, unless the process stops here. */
  pass<T>(call: () => Promise<T>): Promise<T>;
  /** Dies at its `count`-th await from now: the call leaves, the answer is never seen. */
  crashAt(count: number): void;
  /** Freezes at its `count`-th await, before the call leaves or after, until `thaw`. */
  freezeAt(count: number, moment: 'before' | 'after'): void;
  thaw(): void;
  isDead(): boolean;
  isFrozen(): boolean;
}

/** `onStep` runs at every await, on both sides of the call. */
export function createGate(onStep: () => void): Gate {
  const state = { isDead: false, isFrozen: false, crashIn: 0, freezeBeforeIn: 0, freezeAfterIn: 0 };
  let wake: (() => void)[] = [];

  /** Counts one await; true when the armed event is due at this one. */
  function isDue(event: 'crashIn' | 'freezeBeforeIn' | 'freezeAfterIn'): boolean {
    if (state[event] === 0) return false;
    state[event] -= 1;
    return state[event] === 0;
  }

  /** Goes on when the process may: at once, at the thaw, or never. */
  async function running(): Promise<void> {
    while (state.isFrozen) await new Promise<void>((resolve) => wake.push(resolve));
    if (state.isDead) await new Promise<never>(() => undefined);
    onStep();
  }

  return {
    async pass(call) {
      if (isDue('freezeBeforeIn')) state.isFrozen = true;
      await running();
      const answer = call();
      if (isDue('crashIn')) state.isDead = true;
      if (isDue('freezeAfterIn')) state.isFrozen = true;
      const [settled] = await Promise.allSettled([answer]);
      await running();
      if (settled.status === 'rejected') throw settled.reason;
      return settled.value;
    },
    crashAt: (count) => void (state.crashIn = count),
    freezeAt: (count, moment) =>
      void (state[moment === 'before' ? 'freezeBeforeIn' : 'freezeAfterIn'] = count),
    thaw() {
      Object.assign(state, { isFrozen: false, freezeBeforeIn: 0, freezeAfterIn: 0 });
      for (const resolve of wake.splice(0)) resolve();
      wake = [];
    },
    isDead: () => state.isDead,
    isFrozen: () => state.isFrozen,
  };
}
