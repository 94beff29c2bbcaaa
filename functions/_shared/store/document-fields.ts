/** What each field of a stored document may hold. */

import * as z from 'zod/mini';
import { emptyRecord, LONGEST_TOKEN, TOKEN_TEXT } from '../token/record.ts';
import type { TokenRecord } from '../token/record.ts';

/** More than is ever written: a sealed token is a third longer than the token. */
const LONGEST_TEXT = 4_096;
/** It is in answers and logs. */
const LONGEST_ERRMSG = 1_000;
const text = z.string().check(z.maxLength(LONGEST_TEXT));
export const instant = z.number().check(z.int(), z.gte(0), z.lte(8_640_000_000_000_000));
/** Ten times what any setting allows in a day: more was not counted, and must not stop the mints until midnight. */
const counter = z.number().check(z.int(), z.gte(0), z.lte(1_000_000));
const day = z.number().check(z.int());
const instants = z.array(instant).check(z.maxLength(100));
/** Fields that came later: documents written before them are sound. */
// oxlint-disable-next-line no-underscore-dangle -- zod/mini's own name
const absentIs = z._default;

const atMostTwo = z.number().check(z.int(), z.gte(0), z.lte(2));
const OUTCOMES = ['pending', 'accepted', 'refused', 'unknown'] as const;

/** Each field is read on its own: damage to one costs no more than that one. */
export const fields = {
  /** Far from where counting on gives the same number again. */
  version: instant.check(z.gte(1)),
  token: z.nullable(
    z.object({
      value: z.union([
        z.string().check(z.maxLength(LONGEST_TOKEN), z.regex(TOKEN_TEXT)),
        z.object({ kid: text, iv: text, tag: text, data: text }),
      ]),
      api: z.enum(['token', 'stable', 'ticket']),
      mintedAtMs: instant,
      expiresAtMs: instant,
    }),
  ),
  claim: z.nullable(
    z.object({
      id: z.string(),
      startedAtMs: instant,
      untilAtMs: instant,
      unsettledBeforeAtMs: z.nullable(instant),
      contestedSinceAtMs: z.nullable(instant),
    }),
  ),
  unsettledSinceAtMs: z.nullable(instant),
  unknownSinceAtMs: absentIs(z.nullable(instant), null),
  backoff: z.nullable(
    z.object({
      owner: z.enum(['transient', 'quota', 'configuration']),
      // 0 would be a success without a token.
      errcode: z.number().check(
        z.int(),
        z.refine((errcode) => errcode !== 0),
      ),
      errmsg: z.string().check(z.maxLength(LONGEST_ERRMSG)),
      advice: z.optional(z.string().check(z.maxLength(LONGEST_ERRMSG))),
      failures: counter.check(z.gte(1)),
      sinceAtMs: instant,
      retryAtMs: instant,
      fingerprint: text,
    }),
  ),
  mints: z.object({ day, count: counter }),
  learnedLimit: absentIs(z.nullable(counter), null),
  refusedAtMs: instants,
  verdict: absentIs(z.nullable(z.object({ id: text, atMs: instant, outcome: z.enum(OUTCOMES) })), null),
  reports: absentIs(
    z.object({ lastAtMs: instant, source: z.nullable(text), refutedAtMs: instants }),
    emptyRecord.reports,
  ),
  manualRefresh: absentIs(
    z.nullable(z.object({ requestedAtMs: instant, mintsLeft: atMostTwo, isLeak: z.boolean() })),
    null,
  ),
  forces: absentIs(z.object({ day, count: counter, lastAtMs: instant }), emptyRecord.forces),
} satisfies Record<keyof TokenRecord, z.ZodMiniType>;
