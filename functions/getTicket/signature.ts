/**
 * The signature of a page for `wx.config`.
 * https://developers.weixin.qq.com/doc/service/guide/h5/jssdk.html, appendix 1 (read 2026-11-28)
 */

import { createHash, randomInt } from 'node:crypto';

export interface Page {
  /** As the browser has it, without its fragment. */
  url: string;
  nonceStr: string;
  /** Unix seconds. */
  timestamp: number;
}

/** The order is WeChat's, the values are raw, and the name of the nonce has no capital here. */
export function signPage(ticket: string, { url, nonceStr, timestamp }: Page): string {
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`;
  return createHash('sha1').update(text).digest('hex');
}

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function newNonce(): string {
  return Array.from({ length: 16 }, () => SIGNS[randomInt(SIGNS.length)]).join('');
}
