/** `wx.cloud.database()`: CloudBase's own database package, with the calls and results of the mini program's side. */

import { Db } from '@cloudbase/database';
import { api, orThrow } from './api.ts';
import type { Ask } from './ask.ts';
import { refusing, throwing, watching } from './not-here.ts';

interface Counts {
  updated?: number;
  deleted?: number;
  total?: number;
  upsertedId?: unknown;
  id?: string;
}

/** The references of the package, as far as they are used. */
interface Reference {
  where(query: object): Reference;
  orderBy(field: string, direction: string): Reference;
  limit(count: number): Reference;
  skip(count: number): Reference;
  field(projection: object): Reference;
  get(): Promise<{ data: object[] }>;
  count(): Promise<Counts>;
  update(data: object): Promise<Counts>;
  set(data: object): Promise<Counts>;
  remove(): Promise<Counts>;
  add(data: object): Promise<Counts>;
  doc(id: string | number): Reference;
}

/** A mini program gets no more documents at once, and these unless it asks for fewer. */
const MOST_DOCUMENTS = 20;

export function createDatabase(ask: Ask) {
  Db.reqClass = class {
    send(action: string, params: object): Promise<object> {
      return ask(`/wx/${action}`, params).then(orThrow);
    }
  };
  const db = new Db({ throwOnCode: true });
  const { command, Geo, serverDate, RegExp } = db;
  return {
    command,
    Geo,
    serverDate,
    RegExp,
    startTransaction: refusing('database.startTransaction'),
    runTransaction: refusing('database.runTransaction'),
    collection(name: string) {
      const reference = db.collection(name) as unknown as Reference;
      return {
        ...query(reference, MOST_DOCUMENTS),
        aggregate: throwing('collection.aggregate'),
        doc: (id: string | number) => document(reference.doc(id), id),
        add: api('collection.add', async ({ data }: { data: object }) => {
          const { id } = orThrow(await reference.add(data));
          return { _id: id };
        }),
      };
    },
  };
}

function query(reference: Reference, limit: number) {
  return {
    where: (asked: object) => query(reference.where(asked), limit),
    orderBy: (field: string, direction: string) => query(reference.orderBy(field, direction), limit),
    skip: (count: number) => query(reference.skip(count), limit),
    field: (projection: object) => query(reference.field(projection), limit),
    limit: (count: number) => query(reference, Math.min(count, MOST_DOCUMENTS)),
    get: optional('collection.get', async () => {
      const { data } = orThrow(await reference.limit(limit).get());
      return { data };
    }),
    count: optional('collection.count', async () => {
      const { total } = orThrow(await reference.count());
      return { total };
    }),
    watch: watching('collection.watch'),
    ...writes('collection', reference),
  };
}

function document(reference: Reference, id: string | number) {
  return {
    field: (projection: object) => document(reference.field(projection), id),
    get: optional('document.get', async () => {
      const [data] = orThrow(await reference.get()).data;
      if (data === undefined) throw new Error(`document with _id ${id} does not exist`);
      return { data };
    }),
    set: api('document.set', async ({ data }: { data: object }) => {
      const { updated, upsertedId } = orThrow(await reference.set(data));
      return { _id: id, stats: { updated, created: upsertedId ? 1 : 0 } };
    }),
    watch: watching('document.watch'),
    ...writes('document', reference),
  };
}

function writes(kind: string, reference: Reference) {
  return {
    update: api(`${kind}.update`, async ({ data }: { data: object }) => {
      const { updated } = orThrow(await reference.update(data));
      return { stats: { updated } };
    }),
    remove: optional(`${kind}.remove`, async () => {
      const { deleted } = orThrow(await reference.remove());
      return { stats: { removed: deleted } };
    }),
  };
}

/** These can be called without anything. */
function optional<Result extends object>(name: string, work: () => Promise<Result>) {
  const call = api(name, work);
  return (options: Parameters<typeof call>[0] = {}) => call(options);
}
