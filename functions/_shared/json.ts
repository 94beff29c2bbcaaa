/** What comes from outside, of which nothing is known: reading it may throw. */

/** `undefined` where it throws. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** `undefined` when it is none. */
export function parseJson(text: string): unknown {
  return readable(() => JSON.parse(text) as unknown);
}
