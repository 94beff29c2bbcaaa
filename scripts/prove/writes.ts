/** What the rules of a token's life ask of a write: one winner, told by a count, and a duplicate told by its error. */

import { callOf } from '../command/call.ts';
import { isDuplicate } from '../../functions/_shared/store/database-errors.ts';
import { codeOf, type Assumption } from './assumption.ts';
import type { ProveDatabase } from './database.ts';

/** As many as a busy moment has. */
const AT_ONCE = 20;

const TWO_MINTERS =
  'two instances may mint for one app and end each other’s tokens: do not deploy here, and report it';

export const WRITES: readonly Assumption[] = [
  {
    id: 'update-hit',
    assumption: 'an update by _id and version that finds its document answers updated: 1',
    reliedOnFor: 'R2: a claim is won',
    ifNot: 'no claim is ever won, so nothing is minted: do not deploy here, and report it',
    observe: async (database) => {
      const id = await stored(database, { version: 1 });
      return counted(await database.update({ _id: id, version: 1 }, { version: 2 }), 1);
    },
  },
  {
    id: 'update-miss',
    assumption: 'one whose version has moved on answers updated: 0',
    reliedOnFor: 'R2: a claim is lost',
    ifNot: TWO_MINTERS,
    observe: async (database) => {
      const id = await stored(database, { version: 2 });
      return counted(await database.update({ _id: id, version: 1 }, { version: 2, note: 'stale' }), 0);
    },
  },
  {
    id: 'update-no-op',
    assumption: 'one that changes nothing answers updated: 0',
    reliedOnFor: 'every write changes the version, so that a count of 0 always means a lost race',
    ifNot: 'nothing has to be done: no write of ours is a no-op',
    observe: async (database) => {
      const id = await stored(database, { version: 3 });
      return counted(await database.update({ _id: id, version: 3 }, { version: 3 }), 0);
    },
  },
  {
    id: 'update-absent-document',
    assumption: 'an update of a document that is not there answers updated: 0, and makes none',
    reliedOnFor: 'a removed document is written anew by an insert',
    ifNot: 'a token may be stored without its record: report it',
    observe: async (database) => {
      const id = database.newId();
      const { holds, seen } = counted(await database.update({ _id: id, version: 1 }, { version: 2 }), 0);
      const found = documentsOf(await database.get(id)).length;
      return { holds: holds && found === 0, seen: `${seen}, ${found} documents afterwards` };
    },
  },
  {
    id: 'update-race',
    assumption: `of ${AT_ONCE} updates at once with one version, exactly one answers updated: 1`,
    reliedOnFor: 'R2: one minter',
    ifNot: TWO_MINTERS,
    observe: async (database) => {
      const id = await stored(database, { version: 1 });
      const tries = Array.from({ length: AT_ONCE }, (_, at) =>
        database.update({ _id: id, version: 1 }, { version: 2, winner: at }),
      );
      const wins = (await Promise.all(tries)).filter((answer) => countOf(answer, 'updated') === 1).length;
      return { holds: wins === 1, seen: `${wins} of ${AT_ONCE} won` };
    },
  },
  {
    id: 'absent-field',
    assumption: 'a condition that a field is absent finds the document, and no longer once it is there',
    reliedOnFor: 'R2: a document whose version is missing heals',
    ifNot: 'a damaged document stays as it is until an operator removes it: report it',
    observe: async (database) => {
      const id = await stored(database, { note: 1 });
      const query = { _id: id, version: database.command.exists(false) };
      const first = countOf(await database.update(query, { version: 1 }), 'updated');
      const second = countOf(await database.update(query, { version: 2 }), 'updated');
      return { holds: first === 1 && second === 0, seen: `updated: ${first}, then ${second}` };
    },
  },
  {
    id: 'duplicate-insert',
    assumption: 'an insert of an _id that exists is refused, and the error says that it is a duplicate',
    reliedOnFor: 'the first write of an app’s document',
    ifNot: 'the first refresh may fail for minutes, or mint twice: report the wording',
    observe: async (database) => {
      const id = await stored(database, { version: 1 });
      const told = await database.add({ _id: id, version: 1 }).then(
        () => null,
        (error: unknown) => error,
      );
      if (told === null) return { holds: false, seen: 'it was not refused' };
      return { holds: isDuplicate(told), seen: `refused (${codeOf(told)})` };
    },
  },
  {
    id: 'insert-race',
    assumption: `of ${AT_ONCE} inserts of one _id at once, exactly one succeeds`,
    reliedOnFor: 'R2: one minter, also for an app that has no document yet',
    ifNot: TWO_MINTERS,
    observe: async (database) => {
      const id = database.newId();
      const tries = Array.from({ length: AT_ONCE }, (_, at) =>
        database.add({ _id: id, version: 1, winner: at }),
      );
      const settled = await Promise.allSettled(tries);
      const refused = settled.filter((one) => one.status === 'rejected');
      const wins = AT_ONCE - refused.length;
      // Where none succeeds, it was no race that they lost.
      if (wins === 0) throw refused[0]?.reason;
      return { holds: wins === 1, seen: `${wins} of ${AT_ONCE} succeeded` };
    },
  },
  {
    id: 'insert-id',
    assumption: 'an insert that succeeds answers the _id',
    reliedOnFor: 'an answer without it is an error, never a success',
    ifNot: 'every first write is read again before it counts, which costs a read: nothing has to be done',
    observe: async (database) => {
      const id = database.newId();
      const answer = (await database.add({ _id: id, version: 1 })) as { id?: unknown };
      return { holds: answer.id === id, seen: answer.id === id ? 'it did' : 'another id, or none' };
    },
  },
  {
    id: 'remove',
    assumption: 'a removal answers deleted: 1, and deleted: 0 where there was nothing',
    reliedOnFor: callOf('destroy'),
    ifNot: `${callOf('destroy')} may say that it failed: look in the console`,
    observe: async (database) => {
      const id = await stored(database, { version: 1 });
      const first = countOf(await database.remove(id), 'deleted');
      const second = countOf(await database.remove(id), 'deleted');
      return { holds: first === 1 && second === 0, seen: `deleted: ${first}, then ${second}` };
    },
  },
];

/** A new document with these fields; its id. */
export async function stored(database: ProveDatabase, fields: object): Promise<string> {
  const id = database.newId();
  await database.add({ _id: id, ...fields });
  return id;
}

export function documentsOf(answer: unknown): Record<string, unknown>[] {
  const { data } = answer as { data?: unknown };
  return Array.isArray(data) ? (data as Record<string, unknown>[]) : [];
}

function counted(answer: unknown, expected: number): { holds: boolean; seen: string } {
  const count = countOf(answer, 'updated');
  return { holds: count === expected, seen: `updated: ${count}` };
}

function countOf(answer: unknown, name: 'updated' | 'deleted'): number | string {
  const count = (answer as Record<string, unknown> | null)?.[name];
  return typeof count === 'number' ? count : 'none';
}
