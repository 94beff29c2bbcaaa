/** `$jsonSchema` in a query, by ajv: MongoDB's draft 4 and its `bsonType`. */

import { Ajv } from 'ajv';
import { ObjectId } from 'bson';
import { isDocument, type Document } from './document.ts';

export function compileSchema(schema: Document): (document: Document) => boolean {
  const validate = ajv.compile(schema);
  return (document) => validate(document);
}

/** Not strict, as MongoDB: a keyword that says nothing about a value's type is allowed. */
const ajv = new Ajv({ strict: false, addUsedSchema: false });
ajv.addKeyword({
  keyword: 'bsonType',
  validate: (wanted: unknown, value: unknown) =>
    [wanted].flat().some((type) => isOfType(String(type), value)),
});

function isOfType(type: string, value: unknown): boolean {
  const check = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!check) throw new TypeError(`$jsonSchema: unknown bsonType '${type}'`);
  return check(value);
}

const isNumber = (value: unknown): boolean => typeof value === 'number';

/** https://www.mongodb.com/docs/manual/reference/bson-types/ (read 2026-11-28). A number has one type here, as in the SDKs. */
const TYPES: Record<string, (value: unknown) => boolean> = {
  array: Array.isArray,
  bool: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date,
  decimal: isNumber,
  double: isNumber,
  int: Number.isInteger,
  long: Number.isInteger,
  null: (value) => value === null,
  number: isNumber,
  object: isDocument,
  objectId: (value) => value instanceof ObjectId,
  regex: (value) => value instanceof RegExp,
  string: (value) => typeof value === 'string',
};
