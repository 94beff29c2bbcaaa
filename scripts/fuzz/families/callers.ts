/** Who is served (R9): function calls and no others, for any context, event and list of trusted sources. */

import * as fc from 'fast-check';
import { mayReadToken, readCaller } from '../../../functions/_shared/runtime/caller.ts';
import { mayRefresh } from '../../../functions/refreshAccessToken/caller.ts';
import { calling } from '../callings.ts';
import { must, pure } from '../family.ts';
import { hostile, made, text } from '../values.ts';

const event = fc.oneof(hostile, fc.anything(), fc.dictionary(text, fc.jsonValue()));

/** None of them is a source that `callings.ts` makes. */
const trusted = fc.subarray(['', 'web_client_of_ours', '__proto__', '*']);

export const callers = pure(
  'callers',
  30,
  fc.asyncProperty(calling, event, trusted, async ({ context, isFunction }, given, list) => {
    const sent = made(given);
    const caller = readCaller(sent, made(context));
    const isServed = mayReadToken(caller, list);
    must(
      !isServed || isFunction || list.includes(caller.source ?? ''),
      'somebody else than a function is served',
    );
    must(!isServed || !isHttp(sent), 'an HTTP request is served');
    must(isServed || !isFunction || isHttp(sent), 'a function is turned away');
    must(typeof mayRefresh(caller) === 'boolean', 'whether it may refresh is not told');
  }),
);

/** An event that throws when read counts as one. */
export function isHttp(sent: unknown): boolean {
  try {
    const keys = ['httpMethod', 'requestContext', 'queryStringParameters'];
    return typeof sent === 'object' && sent !== null && keys.some((key) => key in sent);
  } catch {
    return true;
  }
}
