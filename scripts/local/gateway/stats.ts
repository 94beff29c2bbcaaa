/** How often the gateway was asked for what: so that "one database read" is a number and no opinion. */

interface StatsSnapshot {
  /** Requests by action name. */
  actions: Record<string, number>;
  /** Requests that read a collection (get, count), by collection. */
  reads: Record<string, number>;
  /** Requests that write to a collection, whether or not anything changed, by collection. */
  writes: Record<string, number>;
  /** Invocations by function name. */
  functions: Record<string, number>;
}

export interface Stats {
  snapshot(): StatsSnapshot;
  reset(): void;
}

export interface CountedRequest {
  action: string;
  collectionName: string | undefined;
  functionName: string | undefined;
}

export function createStats(): Stats & { count(request: CountedRequest): void } {
  let counts = emptySnapshot();
  return {
    count({ action, collectionName, functionName }) {
      increment(counts.actions, action);
      if (functionName !== undefined) increment(counts.functions, functionName);
      if (collectionName === undefined) return;
      if (READS.has(action)) increment(counts.reads, collectionName);
      if (WRITES.has(action)) increment(counts.writes, collectionName);
    },
    snapshot: () => structuredClone(counts),
    reset() {
      counts = emptySnapshot();
    },
  };
}

const READS = new Set(['database.getDocument', 'database.calculateDocument']);
const WRITES = new Set([
  'database.insertDocument',
  'database.modifyDocument',
  'database.modifyAndReturnDoc',
  'database.removeDocument',
]);

function emptySnapshot(): StatsSnapshot {
  return { actions: {}, reads: {}, writes: {}, functions: {} };
}

function increment(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
