/** For each assumption a cloud that differs in just that: what its gateway answers to the requests of that line. */

import type { Gateway } from '../../scripts/local/gateway/start.ts';
import type { Fault } from '../../scripts/local/gateway/faults.ts';

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

/** By the name of the line; what is left out differs by what its collection says of its access. */
export const DEVIATIONS: Record<string, Answers> = {
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
};

/** Answers so to the requests of that line, and to no others. */
export function deviate({ faults }: Gateway, line: string): void {
  const counts = new Map<string, number>();
  faults.intercept(({ stage, action, collectionName, body }) => {
    const isMissing = line === 'missing-collection' && collectionName?.endsWith('_missing') === true;
    const isOfLine = isMissing || JSON.stringify(body).includes(`prove-${line}-`);
    if (stage !== 'before' || !isOfLine) return undefined;
    counts.set(action, (counts.get(action) ?? 0) + 1);
    return DEVIATIONS[line]?.[action]?.(counts.get(action) ?? 0);
  });
}
