/** One use of an accepted token, as the endpoints that take one see it. */

import type { WeChat } from './machine.ts';

export interface Use {
  appid: string;
  query: Record<string, string>;
  /** The JSON body; empty when it is none. */
  fields: Record<string, unknown>;
  contentType: string | undefined;
  body: Buffer;
  wechat: WeChat;
  nowMs: number;
}

export const OK = { errcode: 0, errmsg: 'ok' };

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function seconds(nowMs: number): number {
  return Math.floor(nowMs / 1000);
}
