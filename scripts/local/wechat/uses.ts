/** What the endpoints that take a token remember: codes, uploaded media, messages sent. A bounded number of each. */

import { createCounter, dayOf, type Counter } from './quota.ts';
import type { FormFile } from '../multipart.ts';
import { createSessionDesk, type SessionDesk } from './sessions.ts';
import { createCodeDesk, type CodeDesk } from './user-codes.ts';

export interface Uses {
  codes: CodeDesk;
  sessions: SessionDesk;
  /** Returns the media_id. */
  keepMedia(file: FormFile, nowMs: number): string;
  media(id: string, nowMs: number): FormFile | undefined;
  /** One more call of a path by an app, today. */
  count(appid: string, path: string, nowMs: number): void;
  used(appid: string, path: string, nowMs: number): number;
  /** The bodies of customer-service messages, the latest last. */
  serviceMessages: Record<string, unknown>[];
  /** The bodies of subscribe messages, the latest last. */
  messages: Record<string, unknown>[];
}

/** Documented for temporary media: /doc/service/api/material/temporary/api_uploadtempmedia (read 2026-11-22). */
const MEDIA_LIFE_MS = 3 * 86_400_000;
const MOST_MEDIA = 50;

export function createUses(): Uses {
  const media = new Map<string, { file: FormFile; atMs: number }>();
  const counters = new Map<string, Counter>();
  const counterOf = (appid: string, path: string): Counter => {
    const counter = counters.get(`${appid} ${path}`) ?? createCounter(dayOf);
    counters.set(`${appid} ${path}`, counter);
    return counter;
  };
  let uploaded = 0;
  return {
    codes: createCodeDesk(),
    sessions: createSessionDesk(),
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
    count: (appid, path, nowMs) => counterOf(appid, path).add(nowMs),
    used: (appid, path, nowMs) => counterOf(appid, path).used(nowMs),
    serviceMessages: [],
    messages: [],
  };
}
