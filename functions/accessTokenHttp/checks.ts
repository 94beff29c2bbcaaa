/**
 * Who may check a suspected token, and when: one document per app, once in 30 s across all instances.
 *
 * `startedAtMs` is set by compare-and-swap before WeChat is asked, `endedAtMs` when the outcome is in the token's own
 * document. In between, callers wait for the outcome.
 */

import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Collection } from '../_shared/store/collection.ts';
import { instant } from '../_shared/store/document.ts';

export interface Check {
  version: number;
  startedAtMs: number;
  endedAtMs: number | null;
  /** The mark of the token that WeChat refused then; null: it refused none. */
  refused: string | null;
}

export interface Checks {
  /** Null: none has ever been made. Throws a TokenError. */
  read(appid: string): Promise<Check | null>;
  /** Null: somebody else was first. Throws a TokenError. */
  start(appid: string, last: Check | null, nowMs: number): Promise<Check | null>;
  end(appid: string, check: Check, refused: string | null, nowMs: number): Promise<void>;
}

/** As often as a reported token may be replaced. */
const CHECK_SPACING_MS = 30_000;
/** The longest way to an outcome: the probe, a wait for another mint, a mint. */
const LONGEST_CHECK_MS = 20_000;

const schema = z.object({
  version: z.number().check(z.int(), z.gte(1)),
  startedAtMs: instant,
  endedAtMs: z.nullable(instant),
  refused: z.nullable(z.string()),
});

export function createChecks(collection: Collection): Checks {
  const id = (appid: string): string => `check:${appid}`;
  return {
    async read(appid) {
      const stored = await collection.get(id(appid));
      if (stored === null) return null;
      const result = schema.safeParse(stored);
      // A damaged document counts as a check of long ago: the next one replaces it by its version, whatever that is.
      if (result.success) return result.data;
      return { version: stored['version'] as number, startedAtMs: 0, endedAtMs: 0, refused: null };
    },
    async start(appid, last, nowMs) {
      const version = nextVersion(last, nowMs);
      const check: Check = { version, startedAtMs: nowMs, endedAtMs: null, refused: null };
      const document = { kind: 'check', ...check };
      const isOurs =
        last === null
          ? await collection.insert(id(appid), document)
          : await collection.replaceIf(id(appid), last.version, document);
      return isOurs ? check : null;
    },
    async end(appid, { version, startedAtMs }, refused, nowMs) {
      const ended = { kind: 'check', version: version + 1, startedAtMs, endedAtMs: nowMs, refused };
      await collection.replaceIf(id(appid), version, ended);
    },
  };
}

export function isUnderWay(check: Check, nowMs: number): boolean {
  return check.endedAtMs === null && Math.abs(nowMs - check.startedAtMs) < LONGEST_CHECK_MS;
}

export function isRecent(check: Check, nowMs: number): boolean {
  return Math.abs(nowMs - check.startedAtMs) < CHECK_SPACING_MS;
}

/** Identifies a token without showing it. */
export function markOf(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}

/** One that is damaged starts again where counting never gets to. */
function nextVersion(last: Check | null, nowMs: number): number {
  if (last === null) return 1;
  return Number.isSafeInteger(last.version) ? last.version + 1 : nowMs;
}
