/** The timer function of many blog posts: fetches a token and writes it, whatever came back. */

import { fetchToken, shared } from './platform.ts';

export async function main(): Promise<object> {
  const reply = await fetchToken();
  await shared.write(reply.access_token);
  return {};
}
