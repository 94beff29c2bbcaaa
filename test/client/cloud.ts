/** A client in the test's process whose getAccessToken is the built bundle on an embedded cloud. */

import { createWeChat } from '../../functions/getAccessToken/client.ts';
import type { WeChat } from '../../functions/getAccessToken/client.ts';
import { APPID, openTestCloud, type TestCloud } from '../support/cloud.ts';
import { lend } from '../support/lend.ts';

export interface ClientCloud extends TestCloud {
  wechat: WeChat;
  /** What getAccessToken was asked. */
  asked: Record<string, unknown>[];
  /** Paths that WeChat was called at; `/cgi-bin/token` is a mint. */
  calls: string[];
  /** WeChat kills the token, which is too old to be a newborn. */
  revoke(): void;
}

export const borrowClientCloud = lend(openClientCloud);

async function openClientCloud(): Promise<ClientCloud> {
  const cloud = await openTestCloud();
  const asked: Record<string, unknown>[] = [];
  const calls: string[] = [];
  const watch = () =>
    cloud.sandbox.faults.intercept(({ stage, path }) => {
      if (stage === 'before') calls.push(path);
    });
  const createClient = () =>
    createWeChat({
      app: {
        async callFunction({ data }: { data: Record<string, unknown> }) {
          asked.push(data);
          return { result: await cloud.get(data) };
        },
      },
      baseUrl: cloud.sandbox.url,
      now: () => cloud.clock.now(),
      // Shorter than the real second: what matters here is that it is waited at all.
      sleep: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
  watch();
  let wechat = createClient();
  return {
    ...cloud,
    get wechat() {
      return wechat;
    },
    async renew() {
      await cloud.renew();
      watch();
      asked.length = calls.length = 0;
      wechat = createClient();
    },
    asked,
    calls,
    revoke() {
      cloud.clock.advance(31_000);
      cloud.sandbox.wechat.account(APPID).revoke(cloud.clock.now());
    },
  };
}
