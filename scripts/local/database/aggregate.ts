/** `aggregate()`: a pipeline over one collection, with MongoDB's stages as far as the engine has them. */

import { Aggregator } from 'mingo/aggregator';
import { isDocument, type Document } from './document.ts';
import { compile, ENGINE, hasStage } from './engine.ts';
import { requestFailed } from './errors.ts';
import { distanceMeters, pointFields, toPosition } from './geometry.ts';
import { asFailedFind } from './query.ts';

/**
 * As many documents come back where no stage says how many.
 * https://developers.weixin.qq.com/community/develop/article/doc/000624c67c8b48611dba2b12058c13 (read 2026-11-28)
 */
const DEFAULT_LIMIT = 20;

/** `read` gives all documents of a collection: of one that nobody created, none. */
export function aggregate(
  documents: Document[],
  stages: Document[],
  read: (collection: string) => Document[],
): Document[] {
  for (const stage of stages) assertKnown(stage);
  return asFailedFind(() => {
    const [first, ...rest] = stages;
    const near = first?.['$geoNear'];
    const input = isDocument(near) ? geoNear(documents, near) : documents;
    const pipeline = isDocument(near) ? rest : stages;
    const isBounded = stages.some((stage) => '$limit' in stage);
    const bounded = isBounded ? pipeline : [...pipeline, { $limit: DEFAULT_LIMIT }];
    return new Aggregator(bounded, { ...ENGINE, collectionResolver: read }).run<Document>(input);
  });
}

function assertKnown(stage: Document): void {
  const [name = '', ...others] = Object.keys(stage);
  if (others.length > 0 || (name !== '$geoNear' && !hasStage(name)))
    throw requestFailed('Find', `Unrecognized pipeline stage name: '${[name, ...others].join(', ')}'`);
}

function geoNear(documents: Document[], spec: Document): Document[] {
  const { near, distanceField, query = {}, key, includeLocs, maxDistance, minDistance } = spec;
  const { limit, num, distanceMultiplier = 1 } = spec;
  if (typeof distanceField !== 'string') throw new TypeError('$geoNear requires a distanceField');
  const center = toPosition(isDocument(near) ? near['coordinates'] : near);
  const matches = compile(query as Document);
  const found = documents.flatMap((document) => {
    const field = typeof key === 'string' ? key : (pointFields(document)[0] ?? '');
    const meters = distanceMeters(center, document[field]);
    if (meters === undefined || !matches.test(document)) return [];
    if (meters > Number(maxDistance ?? Infinity) || meters < Number(minDistance ?? 0)) return [];
    const located = typeof includeLocs === 'string' ? { [includeLocs]: document[field] } : {};
    return [{ ...document, [distanceField]: meters * Number(distanceMultiplier), ...located }];
  });
  const sorted = found.toSorted((a, b) => Number(a[distanceField]) - Number(b[distanceField]));
  const most = limit ?? num;
  return typeof most === 'number' ? sorted.slice(0, most) : sorted;
}
