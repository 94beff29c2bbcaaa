/** A server of the outside door as `npm run server-key` stores it. */

import { newServer } from '../../functions/accessTokenHttp/server-document.ts';
import type { StoredDocument } from '../../scripts/platform/environment.ts';

export const LIVE: StoredDocument = { ...newServer('billing', ['wxfake'], 1_000).document };
export const REVOKED: StoredDocument = { ...LIVE, revokedAtMs: 2_000 };
