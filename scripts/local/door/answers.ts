/** What the door answers: a list of what can be called, JSON, a script, or a refusal. */

import type { HttpAnswer } from '../http-server.ts';
import { CALLER_KINDS, DEFAULT_OPENID } from './callers.ts';

export function welcome(functions: readonly string[]): HttpAnswer {
  const lines = [
    'Cloud functions of this embedded cloud. Body: the event as JSON. Header: Authorization: Bearer <secret>',
    '',
    `As a mini program, wx.cloud.callFunction (?openid=… or header x-openid, default ${DEFAULT_OPENID}):`,
    ...functions.map((name) => `  POST /call/${name}`),
    '',
    `As another caller: POST /as/<kind>/<function>, kind one of ${CALLER_KINDS.join(', ')}`,
    '  function, management: ?source=wx_client,scf    timer: ?variety=wechat or native',
    '',
    'A script with wx.cloud for a mini program in DevTools: GET /wx-cloud.js',
    '',
    'By CloudBase HTTP access, whatever the method: /http/<function>/<path>',
    '',
  ];
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: lines.join('\n') };
}

/** The shape of a failed `wx.cloud.callFunction`. */
export function fail(status: number, reason: string): HttpAnswer {
  return json(status, { errCode: -1, errMsg: `cloud.callFunction:fail ${reason}` });
}

export function javascript(body: string): HttpAnswer {
  const headers = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' };
  return { status: 200, headers, body };
}

export function json(status: number, value: unknown): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}
