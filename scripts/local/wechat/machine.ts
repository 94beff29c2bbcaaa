/**
 * WeChat's token service as a pure state machine: no clock, no IO and no randomness of its own, so that a
 * simulation can run weeks of it in a second. The HTTP shell is sandbox.ts.
 */

import { createAccount, type Account, type AppOptions } from './account.ts';
import { createKnobs, type AccountKnobs } from './account-knobs.ts';
import { clearQuota, clearQuotaV2, type ClearV2Fields } from './clear-quota.ts';
import { code2Session, type Session } from './code2session.ts';
import { refuse, SHORT_INVALID_CREDENTIAL, type Refusal } from './errcodes.ts';
import { issue, type Family, type Token } from './family.ts';
import { isRefusal, passGate, type Credentials } from './gate.ts';
import type { MintLog } from './mint-log.ts';
import { createTokenRegistry } from './registry.ts';
import { bringBack, livingTokens, type LivingToken } from './restart.ts';
import { issueTicket, ticketValue, type IssuedTicket, type TicketValue } from './tickets.ts';
import { asReply, legacyToken, stableToken, type TokenReply } from './token-endpoints.ts';
import { verifyPage, type SignedPage } from './verify.ts';
import { createUses, type Uses } from './uses.ts';

export interface WeChatOptions {
  apps: readonly AppOptions[];
  /** A new value for each token; it must never repeat. */
  randomToken(): string;
  /** Of a ticket; it may repeat only for the same arguments. */
  ticketValue?: TicketValue | undefined;
  /** What a string that is no token is answered with. 40001 is what was seen; 40014 is documented for some endpoints. */
  garbageTokenCode?: 40001 | 40014;
  /** The text of 40001 without the link to getStableAccessToken, as before October 2023. */
  usesShortInvalidCredentialText?: boolean;
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
  const registry = createTokenRegistry();
  const flaps = new Map<string, number>();
  const uses = createUses();
  const valueOf = options.ticketValue ?? ticketValue;
  const invalid = (): Refusal =>
    refuse(40001, options.usesShortInvalidCredentialText ? SHORT_INVALID_CREDENTIAL : undefined);

  function mint(account: Account, family: Family, nowMs: number, isForeign = false): Token {
    const token = issue(family, options.randomToken(), nowMs, account.limits.graceMs);
    registry.add(token, nowMs);
    account.mints.record(family.name, nowMs, isForeign);
    return token;
  }

  function useToken(value: string | undefined, nowMs: number): Refusal {
    if (value === undefined || value === '') return refuse(41001);
    const token = registry.find(value, nowMs);
    if (!token) return options.garbageTokenCode === 40014 ? refuse(40014) : invalid();
    if (token.deathCause === 'expired') return refuse(42001);
    if (token.deathCause === 'superseded' || isFlapping(flaps, value, nowMs)) return invalid();
    return { errcode: 0, errmsg: 'ok' };
  }

  const known = (appid: string): Account => {
    const account = accounts.get(appid);
    if (!account) throw new Error(`the WeChat sandbox has no app ${appid}`);
    return account;
  };
  const ownerOf = (value: string, nowMs: number): string | undefined =>
    registry.find(value, nowMs)?.family.appid;

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
    code2Session: (query, nowMs) => code2Session(accounts, uses.codes, query, nowMs),
    ticket: (appid, type, nowMs) => issueTicket(known(appid), type, valueOf, nowMs),
    verify(appid, page, nowMs) {
      const account = accounts.get(appid);
      return account ? verifyPage(account, page, valueOf, nowMs) : refuse(40013);
    },
    uses,
    flap: (value, untilMs) => void flaps.set(value, untilMs),
    ownerOf,
    appids: () => [...accounts.keys()],
    account: (appid) =>
      createKnobs(
        known(appid),
        (account, nowMs) => asReply(mint(account, account.legacy, nowMs, true), nowMs),
        flaps,
      ),
    mints: (appid) => known(appid).mints,
    knownTokens: () => registry.size(),
    living: (nowMs) => livingTokens(accounts.values(), nowMs),
    bringBack: (tokens) => bringBack(tokens, accounts, registry),
    renew() {
      for (const app of options.apps) accounts.set(app.appid, createAccount(app));
      flaps.clear();
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

function isFlapping(flaps: Map<string, number>, value: string, nowMs: number): boolean {
  const untilMs = flaps.get(value);
  if (untilMs === undefined) return false;
  if (nowMs < untilMs) return true;
  flaps.delete(value);
  return false;
}
