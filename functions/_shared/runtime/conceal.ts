/** Keeps secret properties out of `inspect`, `JSON.stringify` and spreads: they can only be read by their name. */

export function conceal<T extends object>(object: T, ...names: (keyof T)[]): T {
  for (const name of names) Object.defineProperty(object, name, { enumerable: false });
  return object;
}
