/** What Node's own `fetch` sends with: it uses no agent. undici isn't needed to replace it. */

export interface Dispatcher {
  dispatch(options: { origin?: string | URL }, handler: unknown): boolean;
}

/** Where undici, and with it Node's fetch, keeps what it sends with (https://undici.nodejs.org/#/docs/api/GlobalInstallation). */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** Returns what puts the usual one back. */
export function replaceDispatcher(make: (usual: Dispatcher) => Dispatcher): () => void {
  // Node loads its fetch, and makes the dispatcher, when one of its classes is first looked at.
  void globalThis.Headers;
  const holder = globalThis as unknown as Record<symbol, Dispatcher>;
  const usual = holder[GLOBAL_DISPATCHER];
  if (usual === undefined) return () => undefined;
  holder[GLOBAL_DISPATCHER] = make(usual);
  return () => {
    holder[GLOBAL_DISPATCHER] = usual;
  };
}
