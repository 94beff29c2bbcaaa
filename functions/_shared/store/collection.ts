/** The database calls that the store and the alerts need, through @cloudbase/node-sdk, with the SDK's traps closed. */

import tcb from '@cloudbase/node-sdk';
import { requireCredentials } from './credentials.ts';
import { isAboutList, isDuplicate, toTokenError } from './database-errors.ts';
import { documentIn, documentsIn, isOne, requireInserted } from './answers.ts';
import { COLLECTION } from './document.ts';
import { knownOf, requireKnown } from './format.ts';
import { matching, settings } from './operands.ts';

/** Every method throws a TokenError and nothing else. */
export interface Collection {
  /** Throws where a newer version has written it, so that what is written after a read isn't either. */
  get(id: string): Promise<Record<string, unknown> | null>;
  /** False when the document exists already. */
  insert(id: string, document: object): Promise<boolean>;
  /**
   * False when the stored version is not the given one; `undefined` means that the field is absent. `entry` goes to
   * the end of the document's `history`, which `document` does not contain.
   */
  replaceIf(id: string, version: unknown, document: object, entry?: object): Promise<boolean>;
}

/** For the fields beside the record, which are compared on their own: see alerts/. */
export interface FieldWriter {
  /**
   * Sets these fields and no others. False when the document is missing or differs from one of the conditions:
   * `undefined` means that the field is absent, `null` that it is absent or null. Names may be dotted.
   */
  setIf(id: string, conditions: Record<string, unknown>, changes: Record<string, unknown>): Promise<boolean>;
}

export interface ListReader {
  /** By id, in one query; those that are missing or of a newer version are left out. 100 at most. */
  getAll(ids: readonly string[]): Promise<Map<string, Record<string, unknown>>>;
}

export interface IdReader {
  /** Of the documents with these values, 1000 at most. */
  idsWhere(conditions: Record<string, unknown>): Promise<string[]>;
}

/** As many as one query of CloudBase returns at most. */
const MOST_IDS = 1_000;

/** Four days of ordinary refreshes; the oldest go first. */
export const HISTORY_KEPT = 60;

/** What `get` leaves in the database, and more if told so: callers need none of it. */
const LEFT_OUT = ['history'];

/** The SDK waits 15 s by default; a caller's function has often no more than 3 to 20 s itself. */
const DATABASE_TIMEOUT_MS = 3_000;

type Database = ReturnType<ReturnType<typeof tcb.init>['database']>;

/** Connects at the first use: the SDK reads the platform's variables then. */
export function createCollection(
  name = COLLECTION,
  alsoLeftOut: readonly string[] = [],
): Collection & FieldWriter & ListReader & IdReader {
  const projection = Object.fromEntries([...LEFT_OUT, ...alsoLeftOut].map((field) => [field, false]));
  let connected: Database | undefined;
  const database = (): Database => {
    requireCredentials();
    connected ??= tcb.init({ env: tcb.SYMBOL_CURRENT_ENV, timeout: DATABASE_TIMEOUT_MS }).database();
    return connected;
  };
  const guarded = <T>(verb: 'read' | 'write', call: () => Promise<T>): Promise<T> =>
    call().catch((error: unknown) => {
      throw toTokenError(error, name, verb);
    });
  const documents = () => database().collection(name);
  const updateIf = async (
    id: string,
    conditions: Record<string, unknown>,
    changes: object,
  ): Promise<boolean> => {
    const query = documents().where({ _id: id, ...matching(database().command, conditions) });
    return isOne(await query.update(changes), 'updated');
  };
  return {
    get: (id) =>
      guarded('read', async () =>
        requireKnown(documentIn(await documents().doc(id).field(projection).get(), id)),
      ),
    getAll: (ids) =>
      guarded('read', async () => {
        const query = documents().where({ _id: database().command.in([...ids]) });
        return knownOf(documentsIn(await query.field(projection).limit(ids.length).get(), ids));
      }),
    idsWhere: (conditions) =>
      guarded('read', async () => {
        const query = documents().where(matching(database().command, conditions));
        const { data } = (await query.field({ _id: true }).limit(MOST_IDS).get()) as {
          data: { _id: unknown }[];
        };
        return data.map(({ _id: id }) => String(id));
      }),
    insert: (id, document) =>
      guarded('write', async () => {
        try {
          requireInserted(await documents().add({ _id: id, ...document }), id);
          return true;
        } catch (error) {
          if (isDuplicate(error)) return false;
          throw error;
        }
      }),
    replaceIf: (id, version, document, entry) =>
      guarded('write', async () => {
        const { command } = database();
        const changes = settings(command, document);
        const write = (history: object) => updateIf(id, { version }, { ...changes, ...history });
        if (entry === undefined) return write({});
        const longer = command.push({ each: [entry], slice: -HISTORY_KEPT });
        return write({ history: longer }).catch((error: unknown) => {
          // A `history` that is no list refuses the push, and would refuse every refresh from then on.
          if (!isAboutList(error)) throw error;
          return write({ history: command.set([entry]) });
        });
      }),
    setIf: (id, conditions, changes) =>
      guarded('write', async () => updateIf(id, conditions, settings(database().command, changes))),
  };
}
