/** A client of the outside door as `npm run server-key` stores it. */

import { newClient } from '../../functions/accessTokenHttp/client-document.ts';
import type { StoredDocument } from '../../scripts/platform/environment.ts';

export const LIVE: StoredDocument = { ...newClient('billing', ['wxfake'], 1_000).document };
export const REVOKED: StoredDocument = { ...LIVE, revokedAtMs: 2_000 };
