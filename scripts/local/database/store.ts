/** Documents as texts on disk: every write is committed before it returns, so a killed process loses nothing. */

import type { RootDatabase } from 'lmdb';
import { parseEjson, type DocumentKey } from './document.ts';
import { openDataFolder, unreadable } from './data-folder.ts';
import { databaseFull } from './errors.ts';

export interface StoredDocument {
  key: DocumentKey;
  /** The document in canonical EJSON. */
  text: string;
}

export interface DocumentStore {
  collections(): string[];
  hasCollection(collection: string): boolean;
  addCollection(collection: string): void;
  get(collection: string, key: DocumentKey): string | undefined;
  /** In the order of insertion, as MongoDB answers a query without a sort. */
  list(collection: string): StoredDocument[];
  put(collection: string, key: DocumentKey, text: string): void;
  remove(collection: string, key: DocumentKey): void;
  /** All or nothing, also against another process on the same folder. */
  atomically<T>(work: () => T): T;
  close(): Promise<void>;
}

/** So that a function in a loop does not fill a developer's disk. */
const MAX_BYTES = 256 * 1024 * 1024;

export function openStore(folder: string | undefined, maxBytes = MAX_BYTES): DocumentStore {
  const { root, close } = openDataFolder(folder);
  try {
    readEverything(root);
  } catch (error) {
    void close();
    throw unreadable(folder, error instanceof Error ? error.name : 'unknown reason');
  }
  return {
    collections: () => listCollections(root),
    hasCollection: (collection) => root.doesExist(['collection', collection]),
    addCollection: (collection) => root.putSync(['collection', collection], ''),
    get: (collection, key) => textOf(root.get(['document', collection, key])),
    list: (collection) => listDocuments(root, collection),
    put(collection, key, text) {
      if (bytesIn(root) + text.length > maxBytes) throw databaseFull(maxBytes);
      putDocument(root, ['document', collection, key], text);
    },
    remove: (collection, key) => void root.removeSync(['document', collection, key]),
    atomically: (work) => root.transactionSync(work),
    close,
  };
}

/** A longer key of the same beginning comes after it; `document` comes after every `collection`. */
function listCollections(root: RootDatabase<string>): string[] {
  const keys = [...root.getKeys({ start: ['collection'], end: ['document'] })];
  return keys.map((key) => String((key as string[])[1]));
}

type StoreKey = ['document', string, DocumentKey];

/** What is in use; the file itself keeps the room of what was removed. */
function bytesIn(root: RootDatabase<string>): number {
  const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages } = root.getStats() as PageCounts;
  return pageSize * (treeBranchPageCount + treeLeafPageCount + overflowPages);
}

type PageCounts = Record<'pageSize' | 'treeBranchPageCount' | 'treeLeafPageCount' | 'overflowPages', number>;

/** A value is `<sequence number> <EJSON>`: LMDB sorts by key, the sequence number keeps the order of insertion. */
function putDocument(root: RootDatabase<string>, key: StoreKey, text: string): void {
  const existing = root.get(key);
  const sequence = existing === undefined ? nextSequence(root) : sequenceOf(existing);
  root.putSync(key, `${sequence} ${text}`);
}

function nextSequence(root: RootDatabase<string>): number {
  const next = Number(root.get(['sequence']) ?? 0) + 1;
  root.putSync(['sequence'], String(next));
  return next;
}

function listDocuments(root: RootDatabase<string>, collection: string): StoredDocument[] {
  const entries = [
    ...root.getRange({ start: ['document', collection], end: ['document', collection, AFTER_ALL_IDS] }),
  ];
  return entries
    .toSorted((a, b) => sequenceOf(a.value) - sequenceOf(b.value))
    .map(({ key, value }) => ({ key: (key as StoreKey)[2], text: textOf(value) ?? '' }));
}

/** LMDB sorts binary keys behind numbers and strings, and this byte behind every binary key's. */
const AFTER_ALL_IDS = Buffer.from([0xff]);

const sequenceOf = (value: string): number => Number(value.slice(0, value.indexOf(' ')));
const textOf = (value: string | undefined): string | undefined => value?.slice(value.indexOf(' ') + 1);

/** Better to fail at the start than in the middle of somebody's request. */
function readEverything(root: RootDatabase<string>): void {
  for (const { key, value } of root.getRange()) {
    if (Array.isArray(key) && key[0] === 'document') parseEjson(textOf(value) ?? '');
  }
}
