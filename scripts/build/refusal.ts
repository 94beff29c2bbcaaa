/**
 * Stands in a bundle for a module that was left out of it: it may be imported, and throws a clear error when it is used.
 *
 * It is bundled as text and runs inside the functions: it imports nothing.
 */

/** `calledAnyway` may be called without harm; what such a call gives refuses like the module itself. */
export function refusal(module: string, why: string, calledAnyway: readonly string[] = []): unknown {
  const refuse = (use: string): never => {
    throw new Error(
      `${module} is left out of this bundle, and ${use} was used: ${why} (scripts/build/left-out.ts)`,
    );
  };
  const standIn: unknown = new Proxy(function leftOut() {}, {
    get(_, name) {
      // What code that compilers have made asks of every module it loads.
      if (name === '__esModule') return true;
      if (name === 'default') return standIn;
      if (calledAnyway.includes(String(name))) return () => standIn;
      return refuse(String(name));
    },
    apply: () => refuse('a call of it'),
    construct: () => refuse('a new one of it'),
  });
  return standIn;
}
