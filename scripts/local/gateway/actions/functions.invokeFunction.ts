/** `callFunction({ name, data })`: plain JSON both ways, run by whoever hosts the functions. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';
import { Refusal } from '../refusal.ts';

const BODY = z.object({
  function_name: z.string().min(1),
  qualifier: z.string().optional(),
  /** JSON text; empty if the caller gave no data. */
  request_data: z.string().default(''),
});

export const invokeFunction: Action = async (call) => {
  const { function_name: name, qualifier, request_data: json } = readBody(BODY, call);
  const { source, seqId, requestId } = call;
  const outcome = await call.invokeFunction({
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
    data: parseData(json),
    source,
    seqId,
    requestId,
  });
  if ('code' in outcome) throw new Refusal(outcome.code, outcome.message);
  return { data: { response_data: JSON.stringify(outcome.result) ?? 'null' } };
};

function parseData(json: string): unknown {
  try {
    return json === '' ? {} : JSON.parse(json);
  } catch {
    throw new Refusal('INVALID_PARAM', "functions.invokeFunction: can't read request_data");
  }
}
