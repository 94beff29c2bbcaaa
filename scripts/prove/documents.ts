/** What the rules ask of a stored document: every field as it was written, and no more read than asked for. */

import { callOf } from '../command/call.ts';
import { codeOf, type Assumption } from './assumption.ts';
import { documentsOf, stored } from './writes.ts';

/** Ten times what a document with its history and every field takes. */
const LARGE_BYTES = 262_144;
/** https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-BSON-Document-Size (read 2026-11-28) */
const TOO_LARGE_BYTES = 16 * 1024 * 1024;

export const DOCUMENTS: readonly Assumption[] = [
  {
    id: 'missing-document',
    assumption: 'a read of a document that is not there answers an empty list',
    reliedOnFor: 'an app without a document gets its first token',
    ifNot: 'no first token is fetched: do not deploy here, and report it',
    observe: async (database) => {
      const { data } = (await database.get(database.newId())) as { data?: unknown };
      const holds = Array.isArray(data) && data.length === 0;
      return { holds, seen: holds ? 'an empty list' : 'something else' };
    },
  },
  {
    id: 'missing-collection',
    assumption: 'a read of a collection that is not there fails with DATABASE_COLLECTION_NOT_EXIST',
    reliedOnFor: `the answer that names ${callOf('deploy')}`,
    ifNot: 'the cause is told less well: nothing has to be done',
    observe: async (database) => {
      const code = await database.getMissing().then(
        () => 'no error',
        (error: unknown) => codeOf(error),
      );
      return { holds: code === 'DATABASE_COLLECTION_NOT_EXIST', seen: code };
    },
  },
  {
    id: 'projection',
    assumption: 'a field that is left out by its name is not sent, and all others are',
    reliedOnFor: 'a tick that has nothing to do reads a few hundred bytes, not the history',
    ifNot: 'reads cost more traffic: nothing has to be done',
    observe: async (database) => {
      const id = await stored(database, { version: 1, history: [1, 2], token: 'x' });
      const [found = {}] = documentsOf(await database.get(id, { history: false }));
      const names = Object.keys(found).filter((name) => name !== '_id');
      return { holds: names.toSorted().join() === 'token,version', seen: `fields: ${names.join(', ')}` };
    },
  },
  {
    id: 'push-slice',
    assumption: 'a push with slice -3 leaves the last three, the new one at the end',
    reliedOnFor: 'the history of refreshes is bounded',
    ifNot: 'the history grows without end, or is lost: report it',
    observe: async (database) => {
      const id = await stored(database, { version: 1, history: [1, 2, 3] });
      await database.update(
        { _id: id },
        { version: 2, history: database.command.push({ each: [4], slice: -3 }) },
      );
      const history = JSON.stringify(documentsOf(await database.get(id))[0]?.['history']);
      return { holds: history === '[2,3,4]', seen: history ?? 'nothing' };
    },
  },
  {
    id: 'push-no-list',
    assumption: 'a push onto what is no list is refused, and the error says array',
    reliedOnFor: 'a damaged history starts anew and stops no refresh',
    ifNot:
      'a damaged history stops every refresh until its field is removed in the console: report the wording',
    observe: async (database) => {
      const id = await stored(database, { version: 1, history: 'gone' });
      const changes = { version: 2, history: database.command.push({ each: [1], slice: -3 }) };
      const error = await database.update({ _id: id }, changes).then(
        () => null,
        (told: unknown) => told,
      );
      if (error === null) return { holds: false, seen: 'it was not refused' };
      const isTold = error instanceof Error && /array/i.test(error.message);
      return {
        holds: isTold,
        seen: `refused (${codeOf(error)}), ${isTold ? 'naming' : 'not naming'} the array`,
      };
    },
  },
  {
    id: 'set-whole',
    assumption: 'a nested object that is set replaces the stored one, and is not merged into it',
    reliedOnFor: 'a token, a claim or a backoff is stored as a whole',
    ifNot: 'fields of an old record survive in a new one: do not deploy here, and report it',
    observe: async (database) => {
      const id = await stored(database, { version: 1, claim: { by: 'a', old: 1 } });
      await database.update({ _id: id }, { claim: database.command.set({ by: 'b' }) });
      const claim = JSON.stringify(documentsOf(await database.get(id))[0]?.['claim']);
      return { holds: claim === '{"by":"b"}', seen: claim ?? 'nothing' };
    },
  },
  {
    id: 'numbers',
    assumption: 'whole numbers up to 2^53 and null are read back as they were written',
    reliedOnFor: 'instants in milliseconds, versions, and fields that are empty',
    ifNot: 'expiry times are wrong: do not deploy here, and report it',
    observe: async (database) => {
      const fields = { largest: Number.MAX_SAFE_INTEGER, instant: 1_795_356_931_399, nothing: null };
      const id = await stored(database, fields);
      const [found = {}] = documentsOf(await database.get(id));
      const { _id: _, ...read } = found;
      const wrong = Object.entries(fields).filter(([name, value]) => read[name] !== value);
      return {
        holds: wrong.length === 0,
        seen: wrong.length === 0 ? 'all of them' : `not ${wrong.map(([name]) => name).join(', ')}`,
      };
    },
  },
  {
    id: 'large-numbers',
    assumption:
      'a whole number beyond 2^53 and a null in a list or an object are read back as they were written',
    reliedOnFor: 'a damaged number is read as one, and heals',
    ifNot: 'nothing has to be done: no number of ours is as large, and no null of ours lies as deep',
    observe: async (database) => {
      const fields = { beyond: 2 ** 53 + 2, below: -(2 ** 60), list: [null, 1], nested: { nothing: null } };
      const id = await stored(database, fields);
      const [found = {}] = documentsOf(await database.get(id));
      const wrong = Object.entries(fields).filter(
        ([name, value]) => JSON.stringify(found[name]) !== JSON.stringify(value),
      );
      return {
        holds: wrong.length === 0,
        seen: wrong.length === 0 ? 'all of them' : `not ${wrong.map(([name]) => name).join(', ')}`,
      };
    },
  },
  {
    id: 'large-document',
    assumption: 'a document of 256 KB is stored and read back whole',
    reliedOnFor: 'a document with its history and every field is a tenth of that',
    ifNot: 'refreshes fail once the history is full: report the size that goes',
    observe: (database) => roundTrip(database, LARGE_BYTES),
  },
  {
    id: 'too-large-document',
    assumption: 'a document of more than 16 MB is refused, and nothing of it is stored',
    reliedOnFor: 'a write that does not fit is an error, and never half a record',
    ifNot: 'nothing has to be done for a healthy document, which has a few KB: report what was seen',
    observe: async (database) => {
      const id = database.newId();
      const write = (): Promise<unknown> =>
        database.add({ _id: id, text: 'x'.repeat(TOO_LARGE_BYTES) }).then(
          () => null,
          (error: unknown) => error,
        );
      let told = await write();
      // So much takes a while to be sent, and a connection that was kept open may be closed meanwhile.
      if (codeOf(told) === 'ECONNRESET') told = await write();
      if (told === null) return { holds: false, seen: 'it was not refused' };
      // What is no refusal, a timeout above all, says nothing.
      if (!/^(DATABASE_|4\d\d$)/.test(codeOf(told))) throw told;
      const found = documentsOf(await database.get(id)).length;
      return { holds: found === 0, seen: `refused (${codeOf(told)}), ${found} documents afterwards` };
    },
  },
  {
    id: 'unprivileged-reader',
    assumption: 'a reader without a key gets nothing of an ADMINONLY collection',
    reliedOnFor: 'no client can read a token',
    ifNot: 'everybody may read the token: do not deploy here, and report it',
    observe: async (database) => {
      const outcome = await database.readUnsigned();
      const isRefused = 'refused' in outcome;
      return { holds: isRefused, seen: isRefused ? `refused (${outcome.refused})` : 'it was answered' };
    },
  },
  {
    id: 'closed',
    assumption: 'a collection that is made ADMINONLY reads back as ADMINONLY',
    reliedOnFor: 'no client can read a token',
    ifNot: 'everybody who runs the mini program may read the token: do not deploy here, and report it',
    observe: async (database) => {
      const tag = await database.access();
      return { holds: tag === 'ADMINONLY', seen: tag ?? 'nothing' };
    },
  },
];

async function roundTrip(database: Parameters<Assumption['observe']>[0], bytes: number) {
  const id = await stored(database, { text: 'x'.repeat(bytes) });
  const [found] = documentsOf(await database.get(id));
  const length = typeof found?.['text'] === 'string' ? found['text'].length : 0;
  await database.remove(id);
  return { holds: length === bytes, seen: `${length} of ${bytes} bytes came back` };
}
