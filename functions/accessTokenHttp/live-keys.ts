/** Which keys are valid, known in advance: a stranger is refused from memory and costs no database read. */

export interface LiveKeys {
  /** Reads the list first where it is missing or over a minute old, and does not have this one. Throws a TokenError. */
  has(id: string): Promise<boolean>;
  /** It is not valid any more: refused from memory from now on. */
  forget(id: string): void;
}

/** Also the longest time that a new key waits, if strangers keep an instance busy. */
const READ_SPACING_MS = 60_000;

/** `ids`: of the documents of all servers whose key is not revoked. */
export function createLiveKeys(ids: () => Promise<readonly string[]>, now: () => number): LiveKeys {
  let known = new Set<string>();
  let readAtMs = -Infinity;
  return {
    async has(id) {
      // A clock that steps back must not keep a new key waiting.
      const isOld = Math.abs(now() - readAtMs) >= READ_SPACING_MS;
      if (!known.has(id) && isOld) {
        known = new Set(await ids());
        readAtMs = now();
      }
      return known.has(id);
    },
    forget: (id) => void known.delete(id),
  };
}
