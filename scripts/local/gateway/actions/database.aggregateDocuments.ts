/** `collection.aggregate()….end()`: the stages in their order, each as extended JSON. */

import * as z from 'zod';
import { parseEjsonValue, printForSdk } from '../../database/document.ts';
import { readBody, type Action } from '../call.ts';
import { collectionName } from '../fields.ts';

const BODY = z.object({
  collectionName,
  stages: z.array(z.object({ stageKey: z.string().startsWith('$'), stageValue: z.string() })),
});

export const aggregateDocuments: Action = (call) => {
  const body = readBody(BODY, call);
  const stages = body.stages.map(({ stageKey, stageValue }) => ({ [stageKey]: parseEjsonValue(stageValue) }));
  const found = call.database.collection(body.collectionName).aggregate(stages);
  return { data: { list: found.map(printForSdk) } };
};
