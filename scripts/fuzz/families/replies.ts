/** Answers of WeChat or of a server in between: reading never throws, and no secret is passed on. */

import * as fc from 'fast-check';
import { createMint } from '../../../functions/_shared/wechat/mint.ts';
import { readReply } from '../../../functions/_shared/wechat/reply.ts';
import type { SendResult } from '../../../functions/_shared/wechat/send.ts';
import { must, pure } from '../family.ts';
import { longText, text } from '../values.ts';

/** Contains every character that some encoding writes differently. */
const SECRET = `canary"sec\\ret+/&=%'<~>`;
const LONGEST_ERRMSG = 800;
const NOW_MS = 1_800_000_000_000;

const FORMS = [
  SECRET,
  encodeURIComponent(SECRET),
  encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase()),
  new URLSearchParams({ s: SECRET }).toString().slice(2),
  JSON.stringify(SECRET).slice(1, -1),
];

const quoting = fc
  .tuple(fc.oneof(text, longText), fc.constantFrom(...FORMS), text)
  .map((parts) => parts.join(' '));
const errmsg = fc.oneof(text, longText, quoting, fc.anything());
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(7_200, 0, -1, 1e308, 0.0001, 2 ** 53));
const expiresIn = fc.oneof(number, fc.constantFrom('7200', '-5', '1e9', '', null), fc.jsonValue());
const token = fc.oneof(text, fc.constantFrom('110_good', '', 'a\nb', 'x'.repeat(2_049)), fc.jsonValue());
const errcode = fc.oneof(
  fc.constantFrom(0, -1, 40_001, 40_125, 40_164, 45_009, 45_011, 89_503, '40001', 1.5, 2 ** 60),
  fc.integer(),
);
const answer = fc.oneof(
  fc.record({ access_token: token, expires_in: expiresIn }, { requiredKeys: [] }),
  fc.record({ errcode, errmsg }, { requiredKeys: ['errcode'] }),
  fc.record({ errcode, errmsg, access_token: token, expires_in: expiresIn }, { requiredKeys: [] }),
);
const body = fc.oneof(
  answer.map((value) => safeJson(value)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  text,
  longText,
  quoting,
);

const sent: fc.Arbitrary<SendResult> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('answered' as const),
      status: fc.integer({ min: 100, max: 599 }),
      body,
    }),
  },
  fc.record({
    kind: fc.constantFrom('not-sent' as const, 'lost' as const),
    code: fc.constantFrom('ECONNRESET', 'TIMEOUT'),
  }),
);

export const replies = pure(
  'replies',
  20,
  fc.asyncProperty(
    fc.array(sent, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('token' as const, 'stable' as const),
    async (results, api) => {
      for (const result of results) if (result.kind === 'answered') checkReply(result);
      let sends = 0;
      const mint = createMint({
        appid: 'wxAPP',
        secret: SECRET,
        api,
        baseUrls: ['https://a.invalid', 'https://b.invalid'],
        send: async () => results[Math.min(sends++, results.length - 1)]!,
        now: () => NOW_MS,
        sleep: async () => undefined,
        random: () => 0.5,
      });
      const outcome = await mint();
      must(sends <= 6, 'WeChat is asked again and again');
      if (outcome.kind === 'minted') {
        const { value, mintedAtMs, expiresAtMs } = outcome.token;
        must(/^[\x21-\x7e]{1,2048}$/.test(value), 'a token that is none');
        must(Number.isSafeInteger(expiresAtMs) && expiresAtMs > mintedAtMs, 'a token without a life');
        must(expiresAtMs - mintedAtMs <= 7_200_000, 'a token that outlives all others');
        return;
      }
      const { failure } = outcome;
      must(Number.isInteger(failure.errcode) && failure.errcode !== 0, 'a failure without a code');
      must(failure.errmsg.length <= LONGEST_ERRMSG, 'a text without bounds');
      must(!/[\p{Cc}\u2028\u2029]/u.test(failure.errmsg), 'a text that breaks a line or steers a terminal');
      for (const form of FORMS)
        must(!JSON.stringify(failure).includes(form) && !failure.errmsg.includes(form), 'the secret is told');
    },
  ),
);

function checkReply({ status, body: content }: { status: number; body: string }): void {
  const reply = readReply(status, content);
  if (reply.kind === 'token') must(reply.lifeMs > 0 && reply.lifeMs <= 7_200_000, 'a life out of bounds');
  if (reply.kind === 'error')
    must(Number.isInteger(reply.errcode) && reply.errcode !== 0, 'an error without a code');
  if (reply.kind === 'unreadable') must(reply.what.length < 100, 'the body is quoted');
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '{}';
  }
}
