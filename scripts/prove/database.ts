/** The scratch collection that the assumptions are tried on, through the SDK that the functions use. */

import { randomUUID } from 'node:crypto';
import type { openDatabase } from '../platform/documents.ts';
import { SCRATCH } from './scratch.ts';

/** A document of 16 MB goes up a slow line. */
export const PROVE_TIMEOUT_MS = 120_000;

type Sdk = ReturnType<typeof openDatabase>;

export interface ProveDatabase {
  command: Sdk['command'];
  /** A document that no other line uses; the line's name is in it. */
  newId(): string;
  add(document: object): Promise<unknown>;
  /** With this projection. */
  get(id: string, fields?: object): Promise<unknown>;
  update(query: object, changes: object): Promise<unknown>;
  remove(id: string): Promise<unknown>;
  /** Of a collection that is not there. */
  getMissing(): Promise<unknown>;
  /** As somebody without any key: the code of the refusal, or what was read. */
  readUnsigned(): Promise<{ refused: string } | { read: true }>;
  /** The access tag of the scratch collection; null: it can't be looked at here. */
  access(): Promise<string | null>;
}

/** As one line of the table sees it. */
export type ProveDatabaseOf = (line: string) => ProveDatabase;

export function proveDatabase(
  sdk: Sdk,
  { access, readUnsigned }: Pick<ProveDatabase, 'access' | 'readUnsigned'>,
): ProveDatabaseOf {
  const collection = () => sdk.collection(SCRATCH);
  return (line) => ({
    command: sdk.command,
    newId: () => `prove-${line}-${randomUUID()}`,
    add: (document) => collection().add(document),
    get: (id, fields = {}) => collection().doc(id).field(fields).get(),
    update: (query, changes) => collection().where(query).update(changes),
    remove: (id) => collection().doc(id).remove(),
    getMissing: () => sdk.collection(`${SCRATCH}_missing`).doc('none').get(),
    access,
    readUnsigned,
  });
}
