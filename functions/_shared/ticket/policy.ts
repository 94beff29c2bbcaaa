/** What all tickets have of a policy, whatever is configured for tokens. */

import { MINUTE_MS } from '../token/policy.ts';
import type { Policy } from '../token/policy.ts';

export const ticketPolicy = {
  api: 'ticket',
  /** 48 fetches a day. */
  refreshAfterMs: 30 * MINUTE_MS,
  /** Fetches of one ticket; WeChat was seen to allow 10 000 a day of an account. */
  mintLimitPerDay: 500,
} as const satisfies Partial<Policy>;
