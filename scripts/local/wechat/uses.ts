/** What the endpoints that take a token remember: codes, uploaded media, messages sent. A bounded number of each. */

import type { FormFile } from '../multipart.ts';
import { createCodeDesk, type CodeDesk } from './user-codes.ts';

export interface Uses {
  codes: CodeDesk;
  /** Returns the media_id. */
  keepMedia(file: FormFile, nowMs: number): string;
  media(id: string, nowMs: number): FormFile | undefined;
  /** The bodies of subscribe messages, the latest last. */
  messages: Record<string, unknown>[];
}

/** Documented for temporary media: /doc/service/api/material/temporary/api_uploadtempmedia (read 2026-11-22). */
const MEDIA_LIFE_MS = 3 * 86_400_000;
const MOST_MEDIA = 50;

export function createUses(): Uses {
  const media = new Map<string, { file: FormFile; atMs: number }>();
  let uploaded = 0;
  return {
    codes: createCodeDesk(),
    keepMedia(file, nowMs) {
      uploaded += 1;
      const id = `sandbox-${nowMs}-${uploaded}`;
      media.set(id, { file, atMs: nowMs });
      for (const oldest of media.keys()) if (media.size > MOST_MEDIA) media.delete(oldest);
      return id;
    },
    media(id, nowMs) {
      const found = media.get(id);
      return found && nowMs - found.atMs < MEDIA_LIFE_MS ? found.file : undefined;
    },
    messages: [],
  };
}
