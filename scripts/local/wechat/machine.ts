/**
 * WeChat's token service as a pure state machine: no clock, no IO and no randomness of its own, so that a
 * simulation can run weeks of it in a second. The HTTP shell is sandbox.ts.
 */

import { createAccount, type Account, type AppOptions } from './account.ts';
import { createKnobs, type AccountKnobs } from './account-knobs.ts';
import { clearQuota, clearQuotaV2, type ClearV2Fields } from './clear-quota.ts';
import { code2Session } from './code2session.ts';
import { refuse, type Refusal } from './errcodes.ts';
import { isRefusal, passGate, type Credentials } from './gate.ts';
import type { MintLog } from './mint-log.ts';
import { bringBack, livingTokens, type LivingToken } from './restart.ts';
import type { Session } from './sessions.ts';
import { issueTicket, ticketValue, type IssuedTicket, type TicketValue } from './tickets.ts';
import { asReply, legacyToken, stableToken, type TokenReply } from './token-endpoints.ts';
import { createTokens, type TokenOptions } from './tokens.ts';
import { verifyPage, type SignedPage } from './verify.ts';
import { createUses, type Uses } from './uses.ts';

export interface WeChatOptions extends TokenOptions {
  apps: readonly AppOptions[];
  /** Of a ticket; it may repeat only for the same arguments. */
  ticketValue?: TicketValue | undefined;
}

export interface WeChat {
  /** GET /cgi-bin/token: always a new token. */
  token(query: Credentials, nowMs: number, ip?: string): TokenReply;
  /** POST /cgi-bin/stable_token. `body` is the parsed JSON; what isn't an object counts as an empty one. */
  stableToken(body: unknown, nowMs: number, ip?: string, method?: string): TokenReply;
  /** Any endpoint that takes `?access_token=`: errcode 0, or why the token is refused. */
  useToken(value: string | undefined, nowMs: number): Refusal;
  clearQuota(value: string | undefined, appid: unknown, nowMs: number): Refusal;
  clearQuotaV2(fields: ClearV2Fields, nowMs: number, ip?: string): Refusal;
  /** GET /sns/jscode2session. */
  code2Session(query: Readonly<Record<string, unknown>>, nowMs: number): Session | Refusal;
  /** GET /cgi-bin/ticket/getticket, once the token is accepted. */
  ticket(appid: string, type: unknown, nowMs: number): IssuedTicket | Refusal;
  /** What WeChat's client says of a page's signature; 40013 for an unknown AppID. */
  verify(appid: string, page: SignedPage, nowMs: number): Refusal;
  /** What the endpoints behind the token remember. */
  uses: Uses;
  /** Refuses a valid token with 40001 until that instant, as WeChat's replicas sometimes do. */
  flap(value: string, untilMs: number): void;
  /** The app a token was issued to. */
  ownerOf(value: string, nowMs: number): string | undefined;
  appids(): string[];
  /** What a test or the dashboard may do to an account. Throws for an unknown AppID. */
  account(appid: string): AccountKnobs;
  mints(appid: string): MintLog;
  /** How many tokens are remembered, living and dead. */
  knownTokens(): number;
  living(nowMs: number): LivingToken[];
  bringBack(tokens: readonly LivingToken[]): void;
  /** Every account as on its first day. */
  renew(): void;
}

/** The caller's address where none is given: everything here is on the loopback interface. */
export const LOOPBACK = '127.0.0.1';

export function createWeChat(options: WeChatOptions): WeChat {
  const accounts = new Map(options.apps.map((app) => [app.appid, createAccount(app)]));
  const tokens = createTokens(options);
  const uses = createUses();
  const valueOf = options.ticketValue ?? ticketValue;
  const { mint, use: useToken, ownerOf } = tokens;
  const known = (appid: string): Account => {
    const account = accounts.get(appid);
    if (!account) throw new Error(`the WeChat sandbox has no app ${appid}`);
    return account;
  };

  return {
    token(query, nowMs, ip = LOOPBACK) {
      const account = passGate(accounts, query, nowMs, ip);
      return isRefusal(account) ? account : legacyToken(account, mint, nowMs);
    },
    stableToken(body, nowMs, ip = LOOPBACK, method = 'POST') {
      if (method !== 'POST') return refuse(43002);
      const sent = asFields(body);
      const account = passGate(accounts, sent, nowMs, ip);
      return isRefusal(account) ? account : stableToken(account, sent.force_refresh === true, mint, nowMs);
    },
    useToken,
    clearQuota(value, appid, nowMs) {
      const refused = useToken(value, nowMs);
      if (refused.errcode !== 0) return refused;
      return clearQuota(known(ownerOf(value ?? '', nowMs) ?? ''), appid, nowMs);
    },
    clearQuotaV2: (fields, nowMs, ip = LOOPBACK) => clearQuotaV2(accounts, fields, nowMs, ip),
    code2Session: (query, nowMs) => code2Session(accounts, uses, query, nowMs),
    ticket: (appid, type, nowMs) => issueTicket(known(appid), type, valueOf, nowMs),
    verify(appid, page, nowMs) {
      const account = accounts.get(appid);
      return account ? verifyPage(account, page, valueOf, nowMs) : refuse(40013);
    },
    uses,
    flap: tokens.flap,
    ownerOf,
    appids: () => [...accounts.keys()],
    account: (appid) =>
      createKnobs(
        known(appid),
        (account, nowMs) => asReply(mint(account, account.legacy, nowMs, true), nowMs),
        tokens.flap,
      ),
    mints: (appid) => known(appid).mints,
    knownTokens: tokens.count,
    living: (nowMs) => livingTokens(accounts.values(), nowMs),
    bringBack: (living) => bringBack(living, accounts, tokens.registry),
    renew() {
      for (const app of options.apps) accounts.set(app.appid, createAccount(app));
      tokens.endFlaps();
    },
  };
}

interface StableFields extends Credentials {
  /** Own decision: only JSON `true` forces. */
  force_refresh?: unknown;
}

function asFields(body: unknown): StableFields {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
}
