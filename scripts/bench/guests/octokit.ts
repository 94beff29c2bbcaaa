/**
 * The pattern of @octokit/auth-app: its cache and its pending promises, unmodified, with a `request` that asks WeChat
 * where GitHub would be asked for an installation token.
 */

import { createAppAuth } from '@octokit/auth-app';
import { fetchToken, useToken } from './platform.ts';
import { serve } from './serve.ts';

const auth = createAppAuth({
  appId: 1,
  installationId: 1,
  // A JSON web token that nobody checks: what is measured comes after it.
  createJwt: async () => ({ jwt: 'none', expiresAt: new Date(Date.now() + 600_000).toISOString() }),
  request: requestToken as unknown as NonNullable<Parameters<typeof createAppAuth>[0]['request']>,
});

export const main = serve({
  token: () => ask(false),
  // Its own hook tries again only while a token is new: so the caller asks for another, as the README allows.
  async call() {
    const errcode = await useToken(await ask(false));
    return errcode === 40001 ? useToken(await ask(true)) : errcode;
  },
});

async function ask(refresh: boolean): Promise<string> {
  return (await auth({ type: 'installation', refresh })).token;
}

async function requestToken(): Promise<object> {
  const { access_token: token, expires_in: seconds = 0, errcode } = await fetchToken();
  if (token === undefined) throw Object.assign(new Error('refused'), { code: errcode });
  return {
    data: { token, expires_at: new Date(Date.now() + seconds * 1_000).toISOString(), permissions: {} },
  };
}
