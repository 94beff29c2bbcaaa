/** The actions of the SDKs that the embedded cloud doesn't carry out: each says so by name, and why. */

import type { Action } from '../call.ts';
import { Refusal } from '../refusal.ts';

/** Action → the reason, as the caller reads it. */
export const NOT_HERE: Readonly<Record<string, string>> = {
  'wx.api': 'callWxOpenApi is the protocol before cloud.openapi; use wx-server-sdk and cloud.openapi',
  'wx.wxPayApi': 'there is no WeChat Pay in the sandbox',
  'wx.wxCallContainerApi': 'there is no cloud hosting (云托管)',
  'auth.wsWebSign': 'there are no realtime watchers: read again instead',
};

export function notHere(action: string, reason: string): Action {
  return () => {
    throw new Refusal('INVALID_PARAM', `${action}: not implemented by the embedded cloud; ${reason}`);
  };
}
