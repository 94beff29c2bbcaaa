/** Chance that repeats: one stream of numbers per purpose, begun anew each day, so that one day can be run alone. */

export type Random = () => number;

export interface Streams {
  /** The stream of that name: from 0 (included) to 1 (excluded). */
  of(name: string): Random;
  enterDay(day: number): void;
}

/**
 * Each stream depends on the seed, its name and the day, and on nothing else: with one fault left out the others
 * strike as before, which is what makes a failing run reducible.
 */
export function createStreams(seed: number, firstDay: number): Streams {
  const streams = new Map<string, { draw: Random }>();
  let day = firstDay;
  return {
    of(name) {
      const stream = streams.get(name) ?? { draw: createRandom(`${seed}/${name}/${day}`) };
      streams.set(name, stream);
      return () => stream.draw();
    },
    enterDay(entered) {
      day = entered;
      for (const [name, stream] of streams) stream.draw = createRandom(`${seed}/${name}/${day}`);
    },
  };
}

/** mulberry32 (public domain, Tommy Ettinger) on a hash of the text: small, fast, and good enough for dice. */
function createRandom(text: string): Random {
  let state = hash(text);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a, stirred once more at the end: neighbouring seeds must not give neighbouring streams. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return value ^ (value >>> 13);
}
