/**
 * A caller of WeChat as small as it can be: it asks for the token before each call, and when WeChat refuses the
 * token it reports it and tries once more. `functions/getAccessToken/client.ts` does this for every caller; the
 * scenarios test that getAccessToken makes it possible.
 */

import type { Reply, TestCloud } from '../support/cloud.ts';

export interface Attempt {
  token: string;
  errcode: number;
}

interface Options {
  /** The token that the caller still holds, instead of asking for one. */
  held?: string | undefined;
  /** Where WeChat's APIs are, when it is not the sandbox. */
  url?: string;
  /** What passes before the second attempt. */
  pause?: () => void;
}

/** A message that WeChat takes from whoever has a good token; its text tries to be taken for a refusal. */
export const MESSAGE = JSON.stringify({
  touser: 'oABC',
  template_id: 'template-1',
  data: { thing1: { value: '40001 四十 & 42001=?' } },
});

/** "Not valid", "not a token", "expired": the three ways in which WeChat refuses a token. */
const TOKEN_REFUSED = new Set([40001, 40014, 42001]);

/** Asks again when told 503: on a machine with more processes than cores the one that fetches may take its time. */
export async function getPatiently(cloud: TestCloud, event: object = {}): Promise<Reply> {
  let reply = await cloud.get(event);
  for (let tries = 1; reply.errcode === 503 && tries < 5; tries++) reply = await cloud.get(event);
  return reply;
}

/** One call with its one retry: the attempts in order. */
export async function callWeChat(cloud: TestCloud, options: Options = {}): Promise<Attempt[]> {
  const { held = (await cloud.get()).access_token ?? '', url = cloud.sandbox.url, pause } = options;
  const first = await post(url, held);
  if (!TOKEN_REFUSED.has(first.errcode)) return [first];
  pause?.();
  const { access_token: next } = await getPatiently(cloud, { invalid_access_token: held });
  return next === undefined ? [first] : [first, await post(url, next)];
}

export function errcodesOf(attempts: readonly Attempt[]): number[] {
  return attempts.map(({ errcode }) => errcode);
}

async function post(url: string, token: string): Promise<Attempt> {
  const response = await fetch(`${url}/cgi-bin/message/subscribe/send?access_token=${token}`, {
    method: 'POST',
    body: MESSAGE,
  });
  const { errcode } = (await response.json()) as { errcode: number };
  return { token, errcode };
}
