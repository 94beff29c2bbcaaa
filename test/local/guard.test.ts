/** The secret of a start, as programs send it. */

import { expect, it } from 'vitest';
import { refusalOf } from '../../scripts/local/guard.ts';

const SECRET = 'a-secret_of-this-start';
const statusOf = (authorization?: string): number | undefined =>
  refusalOf({ host: '127.0.0.1:1', ...(authorization === undefined ? {} : { authorization }) }, SECRET)
    ?.status;

// The name of a scheme is in any case, and one or more spaces follow it: RFC 9110, 11.1 and 11.4.
it.each(['Bearer', 'bearer', 'BEARER', 'Bearer '])('opens to %j and the secret', (scheme) => {
  expect(statusOf(`${scheme} ${SECRET}`)).toBeUndefined();
});

it.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  SECRET,
  `Basic ${SECRET}`,
  `Bearer${SECRET}`,
  `Bearer ${SECRET.toUpperCase()}`,
  `Bearer ${SECRET} ${SECRET}`,
  `xBearer ${SECRET}`,
])('stays shut to %j', (authorization) => {
  expect(statusOf(authorization)).toBe(401);
});
