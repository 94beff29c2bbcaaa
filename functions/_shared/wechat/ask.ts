/** One question to WeChat that brings something to keep: host by host, again while it is busy, within a bound. */

import type { Failure, MintOutcome } from '../token/ports.ts';
import type { Api } from '../token/record.ts';
import type { ErrcodeMeaning } from './errcodes.ts';
import { readReply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Send, SendResult } from './send.ts';

export interface Upstream {
  /** Tried in order, the next one on network failure only. */
  baseUrls: readonly string[];
  send: Send;
  now(): number;
  sleep(durationMs: number): Promise<void>;
  random(): number;
}

export interface Question {
  api: Api;
  /** With its query. */
  path: string;
  /** A string makes it a POST. */
  body: string | null;
  /** A request that may have arrived does no harm: it may be sent again elsewhere. */
  isRepeatable: boolean;
  /** All tries together. */
  longestMs: number;
  /** Is in the request, and masked where WeChat's text quotes it. */
  secret: string;
  meaningOf(errcode: number): ErrcodeMeaning;
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

/** Never throws. */
export async function ask(upstream: Upstream, question: Question): Promise<MintOutcome> {
  const endsAtMs = upstream.now() + question.longestMs;
  for (let retries = 0; ; retries++) {
    const outcome = await tryHosts(upstream, question, endsAtMs);
    const isBusy = outcome.kind === 'refused' && outcome.failure.errcode === BUSY;
    const pauseMs = BUSY_PAUSE_MS * 2 ** retries * (0.5 + upstream.random());
    const isTooLate = upstream.now() + pauseMs > endsAtMs - LEAST_TRY_MS;
    if (!isBusy || retries >= MOST_BUSY_RETRIES || isTooLate) return outcome;
    await upstream.sleep(pauseMs);
  }
}

async function tryHosts(upstream: Upstream, question: Question, endsAtMs: number): Promise<MintOutcome> {
  const { path, body, isRepeatable } = question;
  let outcome: MintOutcome = { kind: 'refused', failure: network('no host was tried') };
  for (const baseUrl of upstream.baseUrls) {
    const beganAtMs = upstream.now();
    // A clock that steps back must not stretch the bound, so no try is ever longer than TRY_MS.
    const timeoutMs = Math.min(TRY_MS, endsAtMs - beganAtMs);
    if (timeoutMs < LEAST_TRY_MS) return outcome;
    const result = await upstream.send({ url: `${baseUrl}${path}`, body, timeoutMs });
    outcome = judge(question, result, beganAtMs);
    if (result.kind === 'answered' || (result.kind === 'lost' && !isRepeatable)) return outcome;
  }
  return outcome;
}

function judge(question: Question, result: SendResult, beganAtMs: number): MintOutcome {
  if (result.kind === 'not-sent')
    return { kind: 'refused', failure: network(`WeChat could not be reached (${result.code})`) };
  if (result.kind === 'lost')
    return { kind: 'unknown', failure: network(`WeChat did not answer (${result.code})`) };
  const { api } = question;
  const reply = readReply(result.status, result.body, api);
  if (reply.kind === 'error') return { kind: 'refused', failure: refusal(reply, question) };
  if (reply.kind === 'unreadable')
    return { kind: 'unknown', failure: network(`WeChat's answer was of no use: ${reply.what}`) };
  const expiresAtMs = beganAtMs + reply.lifeMs;
  return { kind: 'minted', token: { value: reply.value, api, mintedAtMs: beganAtMs, expiresAtMs } };
}

/** A token as WeChat writes it: a number, `_`, and more than a hundred characters; and a ticket, which has 86. */
const TOKENS = /\d{1,4}_[\w-]{80,}|(?<![\w-])[\w-]{86}(?![\w-])/g;

/** WeChat's own text, with secret and token masked if it quotes one. */
function refusal(
  { errcode, errmsg, rid }: Extract<Reply, { kind: 'error' }>,
  { secret, meaningOf }: Question,
): Failure {
  // Masked before it is cut: the beginning of a secret that the cut went through would be recognised no more.
  const text = oneLine(masked(errmsg, secret).slice(0, LONGEST_ERRMSG));
  return { ...meaningOf(errcode), errcode, errmsg: text, rid };
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
