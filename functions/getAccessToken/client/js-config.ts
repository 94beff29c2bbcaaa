/** What a page's `wx.config` needs, from getTicket. Nothing of it is kept: a signature is for one view of a page. */

import { askFor } from './ask.ts';
import type { Settings } from './settings.ts';
import type { JsConfig } from './types.ts';

export async function jsConfig(settings: Settings, url: unknown, given: unknown = {}): Promise<JsConfig> {
  const { appid = settings.appid, ...others } = Object(given) as { appid?: unknown };
  const isOptions = typeof given === 'object' && Object.keys(others).length === 0;
  if (typeof url !== 'string' || url === '' || !isOptions || !['string', 'undefined'].includes(typeof appid))
    throw new TypeError('jsConfig(url, { appid }): url must be the address of the page, and appid a string');
  const data = { url, ...(appid === undefined ? {} : { appid }) };
  const reply = await askFor(settings, { name: nameOf(settings), noun: 'signature', data });
  const { appId, timestamp, nonceStr, signature, url: signed } = reply as unknown as JsConfig;
  return { appId, timestamp, nonceStr, signature, url: signed };
}

/** Beside getAccessToken, under the same prefix; where that has another name altogether, under its own. */
function nameOf({ functionName }: Settings): string {
  return functionName.endsWith('getAccessToken')
    ? functionName.replace(/getAccessToken$/, 'getTicket')
    : 'getTicket';
}
