/** The access_token of each app as what the core keeps, with WeChat as where it comes from. */

import { createApp } from '../token/app.ts';
import type { App } from '../token/app.ts';
import type { Ports, TokenStore } from '../token/ports.ts';
import { createMint } from '../wechat/mint.ts';
import { createProbe } from '../wechat/probe.ts';
import { send } from '../wechat/send.ts';
import type { Config } from './config.ts';

export type StoreOf = (id: string) => TokenStore;
type OwnPorts = Omit<Ports, 'store' | 'mint' | 'prepare' | 'probe'>;

/** By AppID. */
export function createTokens(config: Config, storeOf: StoreOf, ports: OwnPorts): ReadonlyMap<string, App> {
  const { apps, baseUrls, refreshAfterMs, mintLimitPerDay } = config;
  return new Map(
    apps.map(({ appid, secret, api, fingerprint }) => {
      const policy = { api, fingerprint, refreshAfterMs, mintLimitPerDay };
      const mint = createMint({ appid, secret, api, baseUrls, send, ...ports });
      const probe = createProbe({ baseUrls, send, ...ports });
      return [appid, createApp(appid, policy, { ...ports, store: storeOf(appid), mint, probe })];
    }),
  );
}
