/**
 * Asks api.weixin.qq.com for an access_token, by either endpoint.
 *
 * The classic endpoint (`token`) mints on every call, so a request that may have arrived is never repeated here;
 * `stable` answers a repeated call with the same token, so it may be asked again elsewhere after a timeout.
 */

import type { Failure, Mint, MintOutcome } from '../token/ports.ts';
import { LONGEST_MINT_MS } from '../token/policy.ts';
import type { TokenApi } from '../token/record.ts';
import { meaningOf } from './errcodes.ts';
import { readReply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Send, SendRequest, SendResult } from './send.ts';

export interface MintOptions {
  appid: string;
  secret: string;
  api: TokenApi;
  /** Tried in order, the next one on network failure only. */
  baseUrls: readonly string[];
  send: Send;
  now(): number;
  sleep(durationMs: number): Promise<void>;
  random(): number;
}

/** One try may take this long, from the first byte of DNS to the last of the answer. */
const TRY_MS = 5_000;

/** With less time left, a try would mostly end as "it may have arrived": it isn't begun. */
const LEAST_TRY_MS = 1_000;

/** "System busy" passes within moments: two more tries, no more. */
const BUSY = -1;
const MOST_BUSY_RETRIES = 2;
const BUSY_PAUSE_MS = 300;

/** Of WeChat's own text; its longest known is half of that. */
const LONGEST_ERRMSG = 300;

export function createMint(options: MintOptions): Mint {
  return async (isForced = false) => {
    const endsAtMs = options.now() + LONGEST_MINT_MS;
    for (let retries = 0; ; retries++) {
      const outcome = await tryHosts(options, isForced, endsAtMs);
      const isBusy = outcome.kind === 'refused' && outcome.failure.errcode === BUSY;
      const pauseMs = BUSY_PAUSE_MS * 2 ** retries * (0.5 + options.random());
      const isTooLate = options.now() + pauseMs > endsAtMs - LEAST_TRY_MS;
      if (!isBusy || retries >= MOST_BUSY_RETRIES || isTooLate) return outcome;
      await options.sleep(pauseMs);
    }
  };
}

async function tryHosts(options: MintOptions, isForced: boolean, endsAtMs: number): Promise<MintOutcome> {
  let outcome: MintOutcome = { kind: 'refused', failure: network('no host was tried') };
  for (const baseUrl of options.baseUrls) {
    const beganAtMs = options.now();
    // A clock that steps back must not stretch the bound, so no try is ever longer than TRY_MS.
    const timeoutMs = Math.min(TRY_MS, endsAtMs - beganAtMs);
    if (timeoutMs < LEAST_TRY_MS) return outcome;
    const result = await options.send({ ...request(options, baseUrl, isForced), timeoutMs });
    outcome = judge(options, result, beganAtMs);
    const mayAskElsewhere =
      result.kind === 'not-sent' || (result.kind === 'lost' && options.api === 'stable' && !isForced);
    if (!mayAskElsewhere) return outcome;
  }
  return outcome;
}

function request(
  { appid, secret, api }: MintOptions,
  baseUrl: string,
  isForced: boolean,
): Omit<SendRequest, 'timeoutMs'> {
  const fields = { grant_type: 'client_credential', appid, secret };
  if (api === 'token')
    return { url: `${baseUrl}/cgi-bin/token?${new URLSearchParams(fields).toString()}`, body: null };
  return {
    url: `${baseUrl}/cgi-bin/stable_token`,
    body: JSON.stringify({ ...fields, force_refresh: isForced }),
  };
}

function judge(options: MintOptions, result: SendResult, beganAtMs: number): MintOutcome {
  if (result.kind === 'not-sent')
    return { kind: 'refused', failure: network(`WeChat could not be reached (${result.code})`) };
  if (result.kind === 'lost')
    return { kind: 'unknown', failure: network(`WeChat did not answer (${result.code})`) };
  return read(options, readReply(result.status, result.body, options.api), beganAtMs);
}

function read({ api, secret }: MintOptions, reply: Reply, beganAtMs: number): MintOutcome {
  switch (reply.kind) {
    case 'token':
      return {
        kind: 'minted',
        token: { value: reply.value, api, mintedAtMs: beganAtMs, expiresAtMs: beganAtMs + reply.lifeMs },
      };
    case 'error':
      return { kind: 'refused', failure: refusal(reply, secret) };
    case 'unreadable':
      return { kind: 'unknown', failure: network(`WeChat's answer was of no use: ${reply.what}`) };
  }
}

/** A token as WeChat writes it: a number, `_`, and more than a hundred characters. */
const TOKENS = /\d{1,4}_[\w-]{80,}/g;

/** WeChat's own text, with secret and token masked if it quotes one. */
function refusal({ errcode, errmsg, rid }: Extract<Reply, { kind: 'error' }>, secret: string): Failure {
  const { owner, advice, retryAfterMs } = meaningOf(errcode);
  // Masked before it is cut: the beginning of a secret that the cut went through would be recognised no more.
  const text = oneLine(masked(errmsg, secret).slice(0, LONGEST_ERRMSG));
  return {
    owner,
    errcode,
    errmsg: text,
    advice,
    rid,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** In each form that it was sent in, since an answer may quote the request as it came. */
function masked(text: string, secret: string): string {
  const inUrl = [encodeURIComponent(secret), new URLSearchParams([['', secret]]).toString().slice(1)];
  const lowerCased = inUrl.map((form) => form.replace(/%../g, (code) => code.toLowerCase()));
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [inJson, ...inUrl, ...lowerCased, secret]
    .reduce((rest, form) => rest.replaceAll(form, '***'), text)
    .replaceAll(TOKENS, '***');
}

/** A refusal that brings line breaks or terminal codes along must not look like several lines of a log. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function network(errmsg: string): Failure {
  return { owner: 'transient', errcode: 503, errmsg: `${errmsg}; it is tried again by itself` };
}
