/** `POST /verify`: the sandbox's own endpoint, where a page or a test asks what WeChat's client would say of a signature. */

import * as z from 'zod';
import type { HttpAnswer } from '../http-server.ts';
import type { WeChat } from './machine.ts';
import { bodyAsJson, jsonAnswer } from './wire.ts';

export const VERIFY_PATH = '/verify';

const text = z.string().min(1);

const Page = z.object({
  appid: text,
  url: text,
  // `wx.config` takes either.
  timestamp: z.union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)]),
  nonceStr: text,
  signature: text,
});

/** 200 with errcode 0, 63002, 40048 or 40013; 400 where a field is missing or is something else. */
export function verifyAnswer(
  wechat: WeChat,
  { method, body }: { method: string; body: Buffer },
  nowMs: number,
): HttpAnswer {
  if (method !== 'POST') return problem(405, 'ask with POST and a JSON object');
  const sent = Page.safeParse(bodyAsJson(body));
  if (!sent.success) return problem(400, z.prettifyError(sent.error).replaceAll(/\s+/g, ' '));
  const { appid, ...page } = sent.data;
  return jsonAnswer(wechat.verify(appid, page, nowMs));
}

function problem(status: 400 | 405, errmsg: string): HttpAnswer {
  return jsonAnswer({ errcode: status, errmsg }, status);
}
