/** Several holders of one database at once, every step of theirs released one by one by a scheduler. */

import { createCloudStore } from '../../../functions/_shared/store/cloud-store.ts';
import type { Collection } from '../../../functions/_shared/store/collection.ts';
import { getAccessToken } from '../../../functions/_shared/token/getAccessToken.ts';
import type { Answer } from '../../../functions/_shared/token/ports.ts';
import { createApp } from '../../../functions/_shared/token/app.ts';
import { refreshAccessToken } from '../../../functions/_shared/token/refreshAccessToken.ts';
import { emptyRecord } from '../../../functions/_shared/token/record.ts';
import type { TokenRecord } from '../../../functions/_shared/token/record.ts';
import { createWeChat } from '../../../scripts/local/wechat/machine.ts';
import { APPID, SECRET, START_MS } from '../../support/harness.ts';
import { healthy } from './mutants.ts';
import type { Core } from './mutants.ts';
import { createRaceClock } from './race-clock.ts';
import type { Scheduler } from './race-clock.ts';

export type Role = 'timer' | 'reader' | 'reporter';

export const BEGINNINGS = ['empty', 'due', 'expired', 'revoked'] as const;
export type Beginning = (typeof BEGINNINGS)[number];

const FIRST = 'token-1';
const AGE_MS: Record<Beginning, number> = { empty: 0, due: 110, expired: 121, revoked: 1 };
/** Each step takes that long, so that whoever waits on the clock is woken in time. */
const STEP_MS = 100;

export function createRace(scheduler: Scheduler, beginning: Beginning, core: Core = healthy) {
  const clock = createRaceClock(scheduler);
  const documents = new Map<string, object>();
  let counter = 0;
  let tokens = 0;
  const wechat = createWeChat({
    apps: [{ appid: APPID, secret: SECRET }],
    randomToken: () => `token-${++tokens}`,
  });
  if (beginning !== 'empty') {
    const mintedAtMs = START_MS - AGE_MS[beginning] * 60_000;
    mint(mintedAtMs);
    documents.set(APPID, { ...recordOf(FIRST, mintedAtMs), schema: 1, writer: 'the first' });
    if (beginning === 'revoked') wechat.account(APPID).revoke(START_MS);
  }

  function mint(atMs: number): string {
    const reply = wechat.token({ appid: APPID, secret: SECRET, grant_type: 'client_credential' }, atMs);
    if (!('access_token' in reply)) throw new Error(reply.errmsg);
    return reply.access_token;
  }

  /** One step of a holder; its name, without arguments and results, is what a trace shows. */
  async function step<T>(name: string, run: () => T): Promise<T> {
    const named = {
      [name]: async () => {
        clock.pass(STEP_MS);
        return { it: run(), toString: () => '' };
      },
    };
    return (await scheduler.scheduleFunction(named[name]!)()).it;
  }

  function hold(name: string) {
    const collection: Collection = {
      get: (id) => step(`${name} reads`, () => structuredClone(documents.get(id) ?? null) as never),
      insert: (id, document) =>
        step(`${name} inserts`, () => {
          if (documents.has(id)) return false;
          documents.set(id, structuredClone(document));
          return true;
        }),
      replaceIf: (id, version, document) =>
        step(`${name} replaces version ${String(version)}`, () => {
          if ((documents.get(id) as TokenRecord | undefined)?.version !== version) return false;
          documents.set(id, structuredClone(document));
          return true;
        }),
    };
    const newId = (): string => `id-${++counter}`;
    return createApp(
      APPID,
      { api: 'token', refreshAfterMs: 110 * 60_000, mintLimitPerDay: 500, fingerprint: 'f1' },
      {
        store: core.store(createCloudStore(collection, APPID, newId)),
        async mint() {
          const mintedAtMs = clock.now();
          const value = await step(`WeChat mints for ${name}`, () => mint(clock.now()));
          await step(`${name} hears of it`, () => undefined);
          const expiresAtMs = mintedAtMs + 7_200_000;
          return { kind: 'minted', token: { value, api: 'token', mintedAtMs, expiresAtMs } };
        },
        probe: (token) =>
          step(`WeChat is shown the token for ${name}`, () =>
            wechat.useToken(token, clock.now()).errcode === 0 ? 'accepted' : 'refused',
          ),
        newId,
        who: name,
        now: clock.now,
        sleep: clock.sleep,
        random: () => 0.5,
        log: () => undefined,
      },
    );
  }

  return {
    /** Lets a holder run to its end; the timer has no answer. */
    async run(name: string, role: Role): Promise<Answer | null> {
      const app = hold(name);
      if (role !== 'timer') return getAccessToken(app, role === 'reporter' ? FIRST : null);
      await refreshAccessToken(app, { by: 'timer' });
      return null;
    },
    stored: () => documents.get(APPID) as TokenRecord | undefined,
    newest: () => `token-${tokens}`,
    mints: () => tokens - (beginning === 'empty' ? 0 : 1),
    isAccepted: (token: string) => wechat.useToken(token, clock.now()).errcode === 0,
  };
}

function recordOf(value: string, mintedAtMs: number): TokenRecord {
  const token = { value, api: 'token', mintedAtMs, expiresAtMs: mintedAtMs + 7_200_000 } as const;
  return { ...emptyRecord, version: 1, token };
}
