/** The updates that MongoDB refuses and mingo carries out or silently skips. */

import { isDocument, type Document } from './document.ts';

/** Throws MongoDB's sentence if an operator doesn't fit what the document holds at its path. */
export function assertApplicable(document: Document, update: Document): void {
  for (const [operator, fields] of Object.entries(update)) {
    if (!operator.startsWith('$')) throw new TypeError(`Unknown modifier: ${operator}`);
    if (!isDocument(fields))
      throw new TypeError(`Modifiers operate on fields but we found another type in ${operator}`);
    for (const [path, operand] of Object.entries(fields))
      assertFieldApplicable(document, operator, path, operand);
  }
}

function assertFieldApplicable(document: Document, operator: string, path: string, operand: unknown): void {
  if (path.split('.').includes('')) {
    throw new TypeError(`The update path '${path}' contains an empty field name, which is not allowed.`);
  }
  // A positional path (`a.$`) depends on the query that found the document.
  if (path.includes('$')) return;
  if (CREATES_PARENTS.has(operator)) assertParentsCanHold(document, path);
  if (operator === '$rename' && typeof operand === 'string') assertParentsCanHold(document, operand);
  const current = valueAt(document, path);
  if (current !== undefined) GUARDS[operator]?.(current, path, document);
}

const CREATES_PARENTS = new Set(['$set', '$inc', '$mul', '$min', '$max', '$push', '$addToSet']);

/** Walks down to the last parent that exists: a field can be created in an object, an item in an array. */
function assertParentsCanHold(document: Document, path: string): void {
  let parent: unknown = document;
  let parentName = '';
  for (const name of path.split('.')) {
    if (!canHold(parent, name)) {
      throw new TypeError(`Cannot create field '${name}' in element {${parentName}: ${show(parent)}}`);
    }
    parent = (parent as Document)[name];
    parentName = name;
    if (parent === undefined) return;
  }
}

function canHold(parent: unknown, name: string): boolean {
  return isDocument(parent) || (Array.isArray(parent) && /^\d+$/.test(name));
}

export function valueAt(document: Document, path: string): unknown {
  let value: unknown = document;
  for (const name of path.split('.')) {
    if (!isDocument(value) && !Array.isArray(value)) return undefined;
    value = (value as Document)[name];
  }
  return value;
}

type Guard = (current: unknown, path: string, document: Document) => void;

const numeric =
  (operator: string): Guard =>
  (current, path, document) => {
    if (typeof current === 'number') return;
    throw new TypeError(
      `Cannot apply ${operator} to a value of non-numeric type. {_id: ${show(document['_id'])}} has the field '${path}' of non-numeric type ${typeName(current)}`,
    );
  };

const array =
  (sentence: (path: string, type: string, document: Document) => string): Guard =>
  (current, path, document) => {
    if (!Array.isArray(current)) throw new TypeError(sentence(path, typeName(current), document));
  };

const GUARDS: Record<string, Guard> = {
  $inc: numeric('$inc'),
  $mul: numeric('$mul'),
  $push: array(
    (path, type, document) =>
      `The field '${path}' must be an array but is of type ${type} in document {_id: ${show(document['_id'])}}`,
  ),
  $addToSet: array(
    (path, type) =>
      `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${type}`,
  ),
  $pull: array(() => 'Cannot apply $pull to a non-array value'),
  $pullAll: array(() => 'Cannot apply $pullAll to a non-array value'),
  $pop: array((path, type) => `Path '${path}' contains an element of non-array type '${type}'`),
};

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Date) return 'date';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  return typeof value;
}

function show(value: unknown): string {
  return Array.isArray(value) ? `[ ${value.map(show).join(', ')} ]` : (JSON.stringify(value) ?? 'undefined');
}
