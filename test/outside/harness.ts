/** The outside door on an embedded cloud: the built bundle, behind HTTP access, with servers that keys were issued to. */

import { SERVERS_COLLECTION } from '../../functions/accessTokenHttp/server-document.ts';
import { addServer, revokeServer } from '../../scripts/deploy/outside/servers.ts';
import { buildOutside } from '../../scripts/build/outside.ts';
import { documentsOf } from '../../scripts/place/local-documents.ts';
import type { Documents } from '../../scripts/platform/environment.ts';
import { onTestFinished } from 'vitest';
import { lend } from '../support/lend.ts';
import { APPID, openTestCloud, ROOT, type TestCloud, type TestCloudOptions } from '../support/cloud.ts';
import { startDomain } from './domain.ts';

export interface OutsideCloud extends TestCloud {
  /** In place of https://api.weixin.qq.com, for the two token calls. */
  url: string;
  servers: Documents;
  /** How often WeChat was asked what, by path. */
  asked(path: string): number;
  addKey(name?: string, appids?: string[]): Promise<string>;
  revokeKey(name: string): Promise<void>;
  token(query: Record<string, string>): Promise<Answered>;
  stable(body: object): Promise<Answered>;
  /** As an SDK asks for the token of the one app. */
  ask(key: string): Promise<Answered>;
  /** WeChat kills the token, which is too old to be a newborn. */
  revoke(): void;
}

export interface Answered {
  status: number;
  type: string | null;
  retryAfter: string | null;
  text: string;
  body: {
    access_token?: string;
    expires_in?: number;
    errcode?: number;
    errmsg?: string;
    retry_after?: number;
  };
}

export const PROBE = '/cgi-bin/get_api_domain_ip';

let built: ReturnType<typeof buildOutside> | undefined;

/** For one test, which ends it. */
export async function startOutsideCloud(options: TestCloudOptions = {}): Promise<OutsideCloud> {
  const cloud = await openOutsideCloud(options);
  onTestFinished(cloud.end);
  return cloud;
}

/** For tests that warm instances are good for. */
export const borrowOutsideCloud = lend(openOutsideCloud);

export async function openOutsideCloud(options: TestCloudOptions = {}): Promise<OutsideCloud> {
  const outside = await (built ??= buildOutside(ROOT));
  const cloud = await openTestCloud({ guests: [outside], ...options });
  const paths: string[] = [];
  const watch = () =>
    cloud.sandbox.faults.intercept(({ stage, path }) => {
      if (stage === 'before') paths.push(path);
    });
  watch();
  const { url, close: closeDomain } = await startDomain(cloud);
  const servers = documentsOf(cloud.database, SERVERS_COLLECTION);
  const token = (query: Record<string, string>): Promise<Answered> =>
    answered(fetch(`${url}/cgi-bin/token?${new URLSearchParams(query).toString()}`));
  return {
    ...cloud,
    url,
    servers,
    asked: (path) => paths.filter((one) => one === path).length,
    addKey: (name = 'billing', appids = [APPID]) => addServer(servers, { name, appids }, cloud.clock.now()),
    revokeKey: (name) => revokeServer(servers, name, cloud.clock.now()),
    token,
    stable: (body) =>
      answered(fetch(`${url}/cgi-bin/stable_token`, { method: 'POST', body: JSON.stringify(body) })),
    async renew() {
      await cloud.renew();
      watch();
      paths.length = 0;
    },
    async end() {
      await closeDomain();
      await cloud.end();
    },
    ask: (key) => token({ grant_type: 'client_credential', appid: APPID, secret: key }),
    revoke() {
      cloud.clock.advance(31_000);
      cloud.sandbox.wechat.account(APPID).revoke(cloud.clock.now());
    },
  };
}

export async function answered(request: Promise<Response>): Promise<Answered> {
  const response = await request;
  const text = await response.text();
  const body = JSON.parse(text) as Answered['body'];
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), retryAfter: headers.get('retry-after'), text, body };
}
