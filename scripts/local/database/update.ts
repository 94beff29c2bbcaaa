/** What a document becomes under an update: MongoDB's operators, a whole replacement, or an upsert. */

import { updateOne } from 'mingo/updater';
import { isDocument, printEjson, type Document } from './document.ts';
import { requestFailed } from './errors.ts';
import { asksForFields, compile } from './engine.ts';
import { assertApplicable, valueAt } from './update-guards.ts';

/** The changed document, or undefined if the update leaves it as it was. Changes its argument. */
export function applyOperators(document: Document, update: Document): Document | undefined {
  return asFailedUpdate(() => {
    const before = printEjson(document);
    assertApplicable(document, update);
    const documents = [document];
    updateOne(documents, {}, resolvePulls(document, update), { cloneMode: 'deep' });
    return printEjson(documents[0]) === before ? undefined : documents[0];
  });
}

/** To pull by fields, mingo takes the number 7 for an object whose every field is 7: the items are found here. */
function resolvePulls(document: Document, update: Document): Document {
  const pulls = Object.entries((update['$pull'] ?? {}) as Document);
  const byFields = pulls.filter(([path, condition]) => asksForFields(condition) && !path.includes('$'));
  if (byFields.length === 0) return update;
  const found = byFields.map(([path, condition]) => {
    const [items, query] = [valueAt(document, path), compile(condition as Document)];
    return [path, [items ?? []].flat().filter((item) => isDocument(item) && query.test(item))] as const;
  });
  const names = new Set(byFields.map(([path]) => path));
  return {
    ...update,
    $pull: Object.fromEntries(pulls.filter(([path]) => !names.has(path))),
    $pullAll: { ...(update['$pullAll'] as Document | undefined), ...Object.fromEntries(found) },
  };
}

/** The document with other content under the same `_id`, or undefined if the content is the same. */
export function applyReplacement(document: Document, replacement: Document): Document | undefined {
  if ('_id' in replacement && printEjson(replacement['_id']) !== printEjson(document['_id'])) {
    throw requestFailed('Update', "the (immutable) field '_id' was found to have been altered");
  }
  const replaced: Document = { _id: document['_id'], ...replacement };
  return printEjson(replaced) === printEjson(document) ? undefined : replaced;
}

/** What an upsert inserts when nothing matches: the query's equalities, then the update. */
export function newFromUpsert(query: Document, update: Document, isReplacement: boolean): Document {
  if (isReplacement) {
    const { _id } = equalities(query);
    return _id === undefined ? { ...update } : { _id, ...update };
  }
  const base = equalities(query);
  return applyOperators(base, update) ?? base;
}

function equalities(query: Document): Document {
  const fields = Object.entries(query).filter(([key]) => !key.startsWith('$') && !key.includes('.'));
  const plain = fields.map(
    ([key, value]) => [key, isDocument(value) && '$eq' in value ? value['$eq'] : value] as const,
  );
  return Object.fromEntries(plain.filter(([, value]) => !isCondition(value)));
}

const isCondition = (value: unknown): boolean =>
  value instanceof RegExp || (isDocument(value) && Object.keys(value).some((key) => key.startsWith('$')));

function asFailedUpdate<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw requestFailed('Update', error instanceof Error ? error.message : 'unknown reason');
  }
}
