/** HTTP access: what the domains of the environment answer, by the routes that are set. */

import type { FakeState } from './state.ts';

/** The domains that an environment has from the platform. */
export const ACCESS_HOSTS = '*.ap-shanghai.app.tcloudbase.com';

/** As a GET from outside sees it: the path must be there and in force. */
export async function answerHttpAccess(
  { domains, invoke }: FakeState,
  address: string,
): Promise<{ status: number; body: string }> {
  const { hostname, pathname, searchParams } = new URL(address);
  const domain = domains.find(({ Domain }) => Domain === hostname);
  const route = domain?.Routes.find(({ Path, Enable }) => Enable && pathname.startsWith(Path));
  if (route === undefined) return { status: 404, body: '{"code":"INVALID_PATH"}' };
  const event = {
    httpMethod: 'GET',
    path: pathname,
    queryStringParameters: Object.fromEntries(searchParams),
  };
  const called = await invoke(route.UpstreamResourceName, event);
  if ('failure' in called) return { status: 500, body: called.failure };
  const { statusCode, body } = called.result as { statusCode: number; body: string };
  return { status: statusCode, body };
}
