/** A server of the outside door as `npm run server-key` stores it. */

import { newServer } from '../../functions/accessTokenHttp/server-document.ts';
import type { StoredDocument } from '../../scripts/platform/environment.ts';

export const LIVE: StoredDocument = { ...newServer('billing', ['wxfake'], 1_000).document };
/** It may tick, and gets no token. */
export const TICKER: StoredDocument = { ...newServer('cron', [], 1_000, true).document };
export const REVOKED: StoredDocument = { ...LIVE, revokedAtMs: 2_000 };
