/**
 * One message to a WeCom group robot.
 *
 * https://developer.work.weixin.qq.com/document/path/99110 (text of 2025-08-07, read 2026-11-22): markdown of at most
 * 4096 bytes, 20 messages a minute, and anybody who has the address can post, so no error here shows it.
 */

import { parseJson } from '../json.ts';
import type { Send } from '../wechat/send.ts';

/** `unanswered`: it may have arrived. */
export type Posted = { kind: 'sent' } | { kind: 'refused' | 'unanswered'; errmsg: string; errcode: number };

/** Never throws, and takes a bounded time. */
export type Post = (markdown: string) => Promise<Posted>;

export const LONGEST_MESSAGE_BYTES = 4_096;

const TIMEOUT_MS = 3_000;

/** `send` follows no redirect, reads a bounded answer, and loads axios at its first use only. */
export function createPost(url: string, send: Send): Post {
  return async (content) => {
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { content } });
    const result = await send({ url, body, timeoutMs: TIMEOUT_MS });
    if (result.kind === 'not-sent') return refused(503, `could not be reached (${result.code})`);
    if (result.kind === 'lost') {
      const errmsg = `the webhook did not answer (${result.code}); the message may have arrived, so it is not repeated`;
      return { kind: 'unanswered', errcode: 503, errmsg };
    }
    if (result.status !== 200) return refused(result.status, `answered HTTP ${result.status}`);
    const errcode = errcodeOf(result.body);
    return errcode === 0 ? { kind: 'sent' } : refused(errcode, `refused the message (errcode ${errcode})`);
  };
}

/** Its own text is not passed on: it may quote the address. */
function refused(errcode: number, what: string): Posted {
  const errmsg = `the webhook of ALERT_WEBHOOK_URL ${what}: check the variable; the alert is tried again at the next tick`;
  return { kind: 'refused', errcode, errmsg };
}

/** Feishu's robots call it `code`. A relay that answers 200 with neither has taken the message. */
function errcodeOf(body: string): number {
  const { errcode, code } = Object(parseJson(body)) as { errcode?: unknown; code?: unknown };
  const result = errcode ?? code;
  return typeof result === 'number' ? result : 0;
}
