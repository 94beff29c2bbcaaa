/** Log lines: one line each, bounded, only listed fields, and no control characters. */

import * as fc from 'fast-check';
import { createLog } from '../../../functions/_shared/runtime/log.ts';
import { must, pure } from '../family.ts';
import { longText, text } from '../values.ts';

const LISTED =
  'appid api action outcome owner errcode errmsg code source tookMs expiresIn refreshIn refusals damaged isMarked rid client opened recovered'.split(
    ' ',
  );
const field = fc.oneof(text, longText, fc.integer(), fc.boolean(), fc.constant(null));
const fields = fc.dictionary(fc.oneof(text, fc.constantFrom(...LISTED, 'secret', 'level', 'event')), field, {
  maxKeys: 6,
});

export const lines = pure(
  'lines',
  10,
  fc.asyncProperty(fields, async (given) => {
    const written: string[] = [];
    createLog('getAccessToken', (line) => written.push(line))('tick', given);
    const [line = ''] = written;
    must(written.length === 1 && line.length < 20_000, 'not one line of bounded length');
    must(!/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(line), 'a line that breaks or steers');
    const { level, event, function: name, ...rest } = JSON.parse(line) as Record<string, unknown>;
    must(
      level === 'info' && event === 'tick' && name === 'getAccessToken',
      'a field takes the place of another',
    );
    must(
      Object.keys(rest).every((key) => LISTED.includes(key)),
      'a field that is not listed',
    );
  }),
);
