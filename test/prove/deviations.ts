/** For each assumption a cloud that differs in just that. */

import type { FunctionHostOptions } from '../../scripts/local/functions/host.ts';
import type { CallerContext } from '../../scripts/local/functions/caller-context.ts';
import type { Fault } from '../../scripts/local/gateway/faults.ts';
import type { Gateway } from '../../scripts/local/gateway/start.ts';
import type { Knobs } from '../../scripts/prove/knobs.ts';

const MODIFY = 'database.modifyDocument';
const INSERT = 'database.insertDocument';
const READ = 'database.getDocument';
const REMOVE = 'database.removeDocument';

type Answers = Partial<Record<string, (request: number) => Fault | undefined>>;

const answer = (data: object): Fault => ({ answer: { status: 200, json: { requestId: 'r', data } } });
const refusal = (code: string, message: string): Fault => ({
  answer: { status: 200, json: { code, message, requestId: 'r' } },
});
const updated = (count: number): Answers => ({ [MODIFY]: () => answer({ updated: count }) });
const found = (document: object): Answers => ({
  [READ]: () => answer({ list: [JSON.stringify({ _id: 'x', ...document })] }),
});

/** By the name of the line: what the gateway answers to the requests of that line. */
export const ANSWERS: Record<string, Answers> = {
  'update-hit': updated(2),
  'update-miss': updated(1),
  'update-no-op': updated(1),
  'update-absent-document': updated(1),
  'update-race': updated(1),
  'absent-field': updated(0),
  'duplicate-insert': {
    [INSERT]: (request) => (request === 2 ? refusal('DATABASE_REQUEST_FAILED', 'it is there') : undefined),
  },
  'insert-race': { [INSERT]: () => answer({ insertedIds: ['x'] }) },
  'insert-id': { [INSERT]: () => answer({ insertedIds: ['x'] }) },
  remove: { [REMOVE]: () => answer({ deleted: 1 }) },
  'missing-document': found({}),
  'missing-collection': { [READ]: () => refusal('SYS_ERR', 'no such table') },
  projection: found({ version: 1, token: 'x', history: [1, 2] }),
  'push-slice': found({ version: 2, history: [1, 2, 3, 4] }),
  'push-no-list': { [MODIFY]: () => refusal('DATABASE_REQUEST_FAILED', 'bad value') },
  'set-whole': found({ claim: { by: 'b', old: 1 } }),
  numbers: found({ largest: 9_007_199_254_740_992, instant: 1_795_356_931_399, nothing: null }),
  'large-numbers': found({ beyond: 2 ** 53, below: -(2 ** 60), list: [null, 1], nested: { nothing: null } }),
  'too-large-document': { [INSERT]: () => answer({ insertedIds: ['x'] }) },
  'large-document': found({ text: 'x' }),
  'automatic-keys': { [INSERT]: () => ({ answer: { status: 403, json: { code: 'SIGN_PARAM_INVALID' } } }) },
};

export type Alteration = NonNullable<FunctionHostOptions['alterCall']>;

/** What the platform tells of the calls of that line. */
export const ALTERED_CALLS: Record<string, Alteration> = {
  'caller-function': ofLine('caller-function', { TCB_SOURCE: 'scf_v2' }),
  'caller-management': ofLine('caller-management', { TCB_SOURCE: 'x,scf' }),
  'client-refused': ofLine('client-refused', { TCB_SOURCE: 'x,scf', WX_OPENID: undefined }),
  'context-per-call': ofLine('context-per-call', { TCB_SOURCE: ',scf' }),
};

export const CLOSED: Record<string, Knobs> = {
  'unprivileged-reader': { readUnsigned: async () => ({ read: true }) },
  closed: { access: 'PRIVATE' },
};

/** How the host or the timer is; each of them needs a cloud of its own. */
export const KNOBS: Record<string, Knobs> = {
  'environment-at-load': { variables: {} },
  'one-at-a-time': { host: { callsPerInstance: 2 } },
  frozen: { host: { freezesIdle: false } },
  clock: { prepare: ({ clock }) => clock.advance(5_000) },
  'time-limit': { host: { killOnTimeout: false } },
  // What never comes needs no patience.
  'timer-fires': { hasTimer: false, patienceMs: 100 },
  'timer-event': timer((described) => ({
    ...described,
    event: { Type: 'Timer', Time: '2026-11-28T00:00:00Z' },
  })),
  'caller-timer': timer(({ event }) => ({ event, keys: { TCB_SOURCE: 'wx_client' } })),
  'timer-retry': { isRepeating: false, repeatPatienceMs: 100 },
};

/** Undefined: the key is left out. */
function ofLine(line: string, changes: Record<string, string | undefined>): Alteration {
  return (_, { keys, event }) => {
    if ((event as { line?: unknown }).line !== line) return { keys, event };
    const entries = Object.entries({ ...keys, ...changes });
    return {
      event,
      keys: Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined)),
    };
  };
}

function timer(alter: (described: CallerContext) => CallerContext): Knobs {
  return { host: { alterCall: ({ kind }, described) => (kind === 'timer' ? alter(described) : described) } };
}

/** Answers so to the requests of that line, and to no others. */
export function deviate({ faults }: Gateway, line: string): void {
  const counts = new Map<string, number>();
  faults.intercept(({ stage, action, collectionName, body }) => {
    const isMissing = line === 'missing-collection' && collectionName?.endsWith('_missing') === true;
    const isOfLine = isMissing || JSON.stringify(body).includes(`prove-${line}-`);
    if (stage !== 'before' || !isOfLine) return undefined;
    counts.set(action, (counts.get(action) ?? 0) + 1);
    return ANSWERS[line]?.[action]?.(counts.get(action) ?? 0);
  });
}
